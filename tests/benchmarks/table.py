"""The figures as a table for README.md, and as JSON."""

from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from tests.benchmarks.contest import Result, ratios


@dataclass(frozen=True)
class Figure:
    """`results`: at each number of connections first what is measured, then what it is compared with, if anything.
    `of`: what the ratio is a ratio of; `said`: what was checked beside the time."""

    name: str
    results: list[Result]
    of: str = "per_second"
    said: tuple[str, ...] = ()


HEAD = (
    "| figure | | connections | per second | p50 ms | p99 ms | CPU ms, server + PostgreSQL | statements | the first ÷ this |\n"
    "|---|---|---|---|---|---|---|---|---|"
)


def markdown(figures: list[Figure]) -> str:
    lines = [HEAD]
    for figure in figures:
        for result in figure.results:
            lines.append(_line(figure, result))
    lines += ["", *(f"- {figure.name}: {said}" for figure in figures for said in figure.said)]
    return "\n".join(lines)


def _line(figure: Figure, result: Result) -> str:
    found = _ratios(figure, result)
    ratio = f"**{median(found):.2f}** ({min(found):.2f}–{max(found):.2f})" if found else ""
    cells = (
        figure.name,
        result.side,
        str(result.connections),
        f"{result.middle('per_second'):.0f}",
        f"{result.middle('p50'):.1f}",
        f"{result.middle('p99'):.1f}",
        f"{result.middle('server_cpu'):.2f} + {result.middle('postgres_cpu'):.2f}",
        "" if result.statements is None else f"{result.statements:.1f}",
        ratio,
    )
    return f"| {' | '.join(cells)} |"


def _ratios(figure: Figure, result: Result) -> list[float]:
    """Of what is measured to this; nothing for itself."""
    measured = next(one for one in figure.results if one.connections == result.connections)
    return [] if measured is result else ratios(measured, result, figure.of)


def as_json(figures: list[Figure]) -> list[dict[str, Any]]:
    return [asdict(figure) | {"ratios": [_ratios(figure, one) for one in figure.results]} for figure in figures]

"""How long each kind of record is kept: data of the area, for one who was a child and for one who was an adult.

The row that names the kind goes before the one that names the area, so that what the law sets for a kind is not lost where an area
sets a term for everything else. Where no row fits, a record is kept.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Instant, one_of
from throughline.terms.record_kind import RecordKind
from throughline.terms.retention import EVERY, LONGEST_YEARS, KeptAbout, KeptFrom


class RetentionSchedule(Base):
    """`area`, `kind`: `*` for every one. `source`: the law, or the decision, that sets it."""

    __tablename__ = "retention_schedule"

    area: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    about: Mapped[str] = mapped_column(Text, primary_key=True)
    kept_from: Mapped[str] = mapped_column(Text)
    years: Mapped[int] = mapped_column(SmallInteger)
    source: Mapped[str] = mapped_column(Text)
    set_at: Mapped[Instant]

    __table_args__ = (
        one_of("about", KeptAbout),
        one_of("kept_from", KeptFrom),
        CheckConstraint(f"years between 0 and {LONGEST_YEARS}", name="years_are_possible"),
        CheckConstraint("about <> 'NOBODY' or kept_from = 'RECORD_ENDED'", name="nobody_has_a_birthday"),
    )


@dataclass(frozen=True, slots=True)
class Term:
    """One row of the schedule, as somebody sets it."""

    area: str
    kind: str
    about: KeptAbout
    kept_from: KeptFrom
    years: int
    source: str


class UnfitTerm(ValueError):  # noqa: N818  # an answer, not a fault
    """The schedule cannot be so; the message says why."""


def check(term: Term, areas: set[str]) -> None:
    """`areas`: where agencies of the portal are. Raises UnfitTerm."""
    if term.area not in (EVERY, *areas):
        raise UnfitTerm(f"there is no agency in an area {term.area}; areas: {', '.join(sorted(areas)) or 'none yet'}, or {EVERY}")
    if term.kind not in (EVERY, *RecordKind):
        raise UnfitTerm(f"there is no kind of record {term.kind}; kinds: {', '.join(RecordKind)}, or {EVERY}")
    if not 0 <= term.years <= LONGEST_YEARS:
        raise UnfitTerm(f"years are 0 to {LONGEST_YEARS}")
    if term.about is KeptAbout.NOBODY and term.kept_from is not KeptFrom.RECORD_ENDED:
        raise UnfitTerm("a record about nobody is kept from the day on which it ended: RECORD_ENDED")
    if len(term.source.strip()) < 3:
        raise UnfitTerm("name the law or the decision that sets it")


async def set_term(connection: Any, term: Term, at: datetime) -> None:
    """In place of what was set for the same records before. As the owner. Raises UnfitTerm."""
    check(term, {row[0] for row in await connection.fetch("select distinct area from portal.agency")})
    await connection.execute(_SET, term.area, term.kind, term.about, term.kept_from, term.years, term.source.strip(), at)


async def terms(connection: Any) -> list[Any]:
    """Every row, the most particular first."""
    rows: list[Any] = await connection.fetch(
        "select * from portal.retention_schedule order by kind = '*', area = '*', kind, area, about"
    )
    return rows


_SET = """
    insert into portal.retention_schedule (area, kind, about, kept_from, years, source, set_at) values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (area, kind, about) do update set kept_from = excluded.kept_from, years = excluded.years,
      source = excluded.source, set_at = excluded.set_at
"""

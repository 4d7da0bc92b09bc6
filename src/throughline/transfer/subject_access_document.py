"""The answer to somebody who asks for their own, as JSON and as a page to read or print: written as it comes, piece by piece."""

import re
from collections.abc import AsyncIterator
from html import escape
from typing import Any

import orjson

from throughline.terms.rights import LeftOutBecause
from throughline.transfer.others import SOMEBODY
from throughline.transfer.subject_access import SubjectAccess

FORMAT = "throughline-subject-access/1"
NOTICES = (
    "This holds what the agency named here keeps about you. Other agencies that use this portal have been asked to answer for "
    "themselves, and services that keep what is told them in confidence answer for themselves too.",
    f"What is only about other people is not in it; where a text speaks of somebody else it says {SOMEBODY}.",
)
_TOLD = {
    LeftOutBecause.THIRD_PARTY: "Something was left out because it tells about somebody else.",
    LeftOutBecause.LEGAL_PRIVILEGE: "Something was left out because it is legal advice, or was made for proceedings.",
}
_CAPITAL = re.compile("(?=[A-Z])")
_STYLE = (
    "body{font:1rem/1.5 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}article{border-top:1px solid #999;"
    "margin-top:1rem}dt{font-weight:bold}dd{margin:0 0 .4rem;white-space:pre-wrap}"
)


async def as_json(access: SubjectAccess) -> AsyncIterator[bytes]:
    """One JSON object; `leftOut` comes last, when it is known."""
    head = {"format": FORMAT, "notices": NOTICES, "request": _request(access), **await access.who()}
    yield orjson.dumps(head)[:-1] + b',"records":['
    comma = b""
    async for record in access.records():
        yield comma + orjson.dumps(record)
        comma = b","
    yield b'],"seenBy":['
    comma = b""
    async for seen in access.disclosures():
        yield comma + orjson.dumps(seen)
        comma = b","
    yield b'],"leftOut":' + orjson.dumps(sorted(access.left_out)) + b"}\n"


async def as_html(access: SubjectAccess) -> AsyncIterator[bytes]:
    """A page that needs nothing else, and runs nothing."""
    request, who = _request(access), await access.who()
    agency = escape(request["agency"])
    yield (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>What {agency} keeps about you</title><style>{_STYLE}</style>"
        f"<h1>What {agency} keeps about you</h1><p>Request of {escape(request['receivedOn'])}.</p>"
        + "".join(f"<p>{escape(notice)}</p>" for notice in NOTICES)
        + "<h2>Who you are</h2>"
        + "".join(_article("As our system knows you", one) for one in who["identityRecords"])
        + "".join(_article("A number", one) for one in who["numbers"])
        + "<h2>What was recorded, newest first</h2>"
    ).encode()
    async for record in access.records():
        yield _article(_words(record["kind"]), record).encode()
    yield b"<h2>Who has seen it, newest first</h2><table><tr><th>Day<th>Agency<th>For</tr>"
    async for seen in access.disclosures():
        cells = (seen["day"], seen["agency"]["name"], seen["purpose"].capitalize())
        yield f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>".encode()
    yield b"</table>"
    told = "".join(f"<p>{escape(_TOLD[code])}</p>" for code in sorted(access.left_out))
    yield f"<h2>What is left out</h2>{told or '<p>Nothing but what is said above.</p>'}</html>\n".encode()


def _request(access: SubjectAccess) -> dict[str, Any]:
    asked = access.request
    service = asked["madeByService"]
    return {
        "id": asked["id"],
        "agency": asked["madeBy"]["name"],
        "service": service and service["name"],
        "askedBy": asked["askedBy"],
        "receivedOn": asked["receivedOn"],
    }


def _article(title: str, record: dict[str, Any]) -> str:
    return f"<article><h3>{escape(title)}</h3>{_list(record)}</article>"


def _list(record: dict[str, Any]) -> str:
    lines = (f"<dt>{escape(_words(name))}</dt><dd>{_value(value)}</dd>" for name, value in record.items() if _is_said(name, value))
    return f"<dl>{''.join(lines)}</dl>"


def _is_said(name: str, value: Any) -> bool:
    return name not in ("id", "kind", "version") and value not in (None, [], "")


def _value(value: Any) -> str:
    if isinstance(value, dict):
        only = [said for name, said in value.items() if _is_said(name, said)]
        return _value(only[0]) if len(only) == 1 else _list(value)
    if isinstance(value, list):
        return "".join(f"<div>{_value(one)}</div>" for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return escape(str(value))


def _words(name: str) -> str:
    """`whatWasDone` → `What was done`."""
    return " ".join(piece.lower() for piece in _CAPITAL.split(name) if piece).capitalize()

"""Pages and cursors, done again: sort everything, cut, and sign places with a key that only this viewer's field has."""

import base64
import hashlib
import hmac
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from throughline.access.viewer import Viewer


class Refused(Exception):  # noqa: N818  # an answer, not a fault
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


BAD_CURSOR = "'after' is no cursor of this list: it serves the same viewer, field and arguments only."
BAD_FIRST = "'first' must be from 1 to 100."


def label(path: str, arguments: Mapping[str, Any], owner: object = None) -> str:
    """A list as the writer of random documents knows it, before its arguments are prepared."""
    sought = arguments.get("input")
    return (
        f"{path} {owner} {arguments.get('kinds')} {sought and sought['name']} {sought and sought['born']} {arguments.get('filter')} "
        f"{arguments.get('state')}"
    )


Place = tuple[date | int | None, UUID]
"""Where an item stands in its list: its day or score, and its id."""


@dataclass
class Cursors:
    """Makes and reads one viewer's cursors, and remembers those made, by field and arguments."""

    viewer: Viewer
    secret: bytes
    made: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def key(self, path: str, arguments: Mapping[str, Any]) -> bytes:
        viewer = self.viewer
        seal = hashlib.sha256(f"{viewer.actor_id}|{viewer.client_id}|{viewer.role}|{viewer.purpose}".encode()).digest()
        given = {name: value for name, value in arguments.items() if value is not None}
        said = orjson.dumps(given, option=orjson.OPT_SORT_KEYS, default=str)
        return hmac.digest(self.secret, seal + path.encode() + b"|" + said, "sha256")

    def cursor(self, path: str, arguments: Mapping[str, Any], place: Place, owner: UUID | None) -> str:
        key, text = self.key(path, arguments), f"{'-' if place[0] is None else place[0]} {place[1]}".encode()
        digest = hashlib.sha256(key + hashlib.sha256(key + text + (owner.bytes if owner else b"")).digest()).digest()[:16]
        return base64.urlsafe_b64encode(text + digest).decode().rstrip("=")

    def place(self, path: str, arguments: Mapping[str, Any], cursor: str, places: Sequence[Place], owner: UUID | None) -> Place:
        """The place that it marks; for one that is no longer in the list, worked out from its text."""
        for place in places:
            if self.cursor(path, arguments, place, owner) == cursor:
                return place
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            day, row_id = raw[:-16].decode().split(" ")
            read: Place = (None if day == "-" else int(day) if day.isdigit() else date.fromisoformat(day), UUID(row_id))
        except ValueError as error:
            raise Refused("BAD_USER_INPUT", BAD_CURSOR) from error
        if self.cursor(path, arguments, read, owner) != cursor:
            raise Refused("BAD_USER_INPUT", BAD_CURSOR)
        return read


def rank(place: Place) -> tuple[Any, ...]:
    """Newest or best first; what has no day comes last."""
    day, row_id = place
    return (day is None, -(day if isinstance(day, int) else day.toordinal()) if day is not None else 0, -row_id.int)


def page(
    cursors: Cursors, path: str, arguments: Mapping[str, Any], items: Sequence[Any], place_of: Callable[[Any], Place],
    owner: UUID | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A connection over `items`; `arguments` as given, `first` and `after` among them. `owner`: the person or family whose it is."""
    first, after = arguments.get("first"), arguments.get("after")
    others = {name: value for name, value in arguments.items() if name not in ("first", "after")}
    first = 20 if first is None else first
    if not 1 <= first <= 100:
        raise Refused("BAD_USER_INPUT", BAD_FIRST)
    items = sorted(items, key=lambda item: rank(place_of(item)))
    rest = items
    if after is not None:
        mark = cursors.place(path, others, after, [place_of(item) for item in items], owner)
        rest = [item for item in items if rank(place_of(item)) > rank(mark)]
    edges = [{"cursor": cursors.cursor(path, others, place_of(item), owner), "node": item} for item in rest[:first]]
    cursors.made[label(path, others, owner)] += [edge["cursor"] for edge in edges]
    return {
        "edges": edges,
        "totalCount": len(items),
        "pageInfo": {
            "hasNextPage": len(rest) > first,
            "hasPreviousPage": after is not None,
            "startCursor": edges[0]["cursor"] if edges else None,
            "endCursor": edges[-1]["cursor"] if edges else None,
        },
    }

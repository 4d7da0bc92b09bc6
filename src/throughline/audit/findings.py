"""What is wrong with a trail, where, and between which checkpoints it came about. Neighbours of one kind are one finding, so that
a shard written anew, however long, is one line and not a million."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

MOST = 1000
"""Findings that are kept; what comes after is counted."""


class Wrong(StrEnum):
    CHANGED = "an entry is not what was sealed, or its seal is not what followed the one before"
    MISSING = "a sealed entry is gone"
    UNSEALED = "an entry among sealed ones has no seal: it was put in later, or its seal was taken away"
    SEAL_MISSING = "positions of the chain are gone"
    MISPLACED = "a seal stands in another shard than its entry, or out of order"
    REWRITTEN = "the chain is not the one that checkpoints attest"
    CUT_SHORT = "checkpoints attest more than the database holds: it was cut short, or an old backup was restored"
    WENT_BACK = "a checkpoint attests less than the one before: an old backup was restored in between"
    NOT_GENUINE = "a checkpoint is not signed by a key that counts"
    CHECKPOINTS_MISSING = "a checkpoint does not follow the one before: lines were changed, added or taken away"
    NO_CHECKPOINT = "there is a sealed trail, and no checkpoint attests it"


_LASTING = (Wrong.REWRITTEN, Wrong.CUT_SHORT)
"""Once it is so, every later checkpoint says so; where it began is between the last that agreed and the first that did not."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A checkpoint, as a place in time."""

    number: int
    at: datetime

    def __str__(self) -> str:
        return f"checkpoint {self.number} ({self.at:%Y-%m-%d %H:%M:%S})"


@dataclass(slots=True)
class Finding:
    """`position` to `last_position` in `shard`; the ids of the first and last entry. `after`, `before`: the checkpoints around it."""

    wrong: Wrong
    shard: int | None = None
    position: int | None = None
    last_position: int | None = None
    entry_id: UUID | None = None
    last_entry_id: UUID | None = None
    after: Mark | None = None
    before: Mark | None = None
    where: str = ""
    count: int = 1

    def as_json(self) -> dict[str, Any]:
        said = asdict(self)
        for name in ("after", "before"):
            if mark := said[name]:
                said[name] = {"number": mark["number"], "at": mark["at"].isoformat()}
        for name in ("entry_id", "last_entry_id"):
            said[name] = str(said[name]) if said[name] else None
        return said | {"wrong": self.wrong.name, "says": self.wrong.value}

    def __str__(self) -> str:
        parts = [f"{self.wrong.name}: {self.wrong.value}"]
        if self.shard is not None:
            span = f"{self.position}" if self.position == self.last_position else f"{self.position} to {self.last_position}"
            parts.append(f"shard {self.shard}, position {span}")
        if self.entry_id:
            last = f" to {self.last_entry_id}" if self.last_entry_id != self.entry_id else ""
            parts.append(f"{self.count:,} entries, {self.entry_id}{last}" if self.count > 1 else f"entry {self.entry_id}")
        if self.where:
            parts.append(self.where)
        parts.append(_between(self.after, self.before))
        return "; ".join(part for part in parts if part)


@dataclass(slots=True)
class Findings:
    kept: list[Finding] = field(default_factory=list)
    total: int = 0
    _open: dict[tuple[Wrong, int | None], Finding] = field(default_factory=dict)

    def add(self, found: Finding) -> None:
        self.total += found.count
        last = self._open.get((found.wrong, found.shard))
        if last is not None and _continues(last, found):
            last.last_position, last.last_entry_id = found.last_position, found.last_entry_id
            if found.wrong not in _LASTING:
                last.before = found.before
            last.count += found.count
            return
        self._open[found.wrong, found.shard] = found
        if len(self.kept) < MOST:
            self.kept.append(found)


def _continues(last: Finding, found: Finding) -> bool:
    if found.position is None or last.last_position is None:
        return False
    if found.wrong in _LASTING:
        return True
    return last.last_position <= found.position <= last.last_position + 1


def _between(after: Mark | None, before: Mark | None) -> str:
    if after and before:
        return f"between {after} and {before}"
    if after:
        return f"after {after}"
    return f"before {before}" if before else ""

"""What a borough is made in: rows by table, ids and chances from one seed, days counted back from one day."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from throughline.terms.sensitivity import Sensitivity

AREA = "Marlbeck"
AUTHORITY = "989"  # no authority has this number, so no real school is meant
_IDS_FROM_MS = 1_704_067_200_000  # ids must not depend on the day of seeding
_ANY = TypeVar("_ANY")


@dataclass(frozen=True, slots=True)
class By:
    """Who makes a record."""

    agency_id: UUID
    practitioner_id: UUID | None = None
    service_id: UUID | None = None


@dataclass
class World:
    """`as_of`: the day on which the borough is as it is. The same seed, size and day give the same rows,
    and the same seed and size the same ids on every day. `hashed`: the keyed hash of a number. `named`:
    people and families of the stories. `nameless`: records of pupils without early help, with the UPN,
    forename and birth date of which only keyed hashes are written."""

    seed: int
    as_of: date
    hashed: Callable[[str], str]
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    named: dict[str, UUID] = field(default_factory=dict)
    nameless: list[tuple[UUID, str, str | None, date | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)  # noqa: S311  # a borough must be repeatable, not secret
        self._id_bits = Random(self.seed ^ 0x1D)  # noqa: S311
        self._ids = 0

    def new_id(self) -> UUID:
        """Shaped as a UUIDv7, in the order of making."""
        self._ids += 1
        noise = self._id_bits.getrandbits(74)
        high, low = noise >> 62, noise & ((1 << 62) - 1)
        return UUID(int=(_IDS_FROM_MS + self._ids) << 80 | 7 << 76 | high << 64 | 0b10 << 62 | low)

    def add(self, table: str, **columns: Any) -> UUID:
        """A row with an id of its own."""
        row = {"id": self.new_id(), **columns}
        self.rows[table].append(row)
        row_id: UUID = row["id"]
        return row_id

    def join(self, table: str, **columns: Any) -> None:
        """A row that its columns identify."""
        self.rows[table].append(columns)

    def record(
        self,
        table: str,
        by: By,
        days_ago: int,
        sensitivity: Sensitivity = Sensitivity.STANDARD,
        **columns: Any,
    ) -> UUID:
        """A record made that many days ago."""
        return self.add(
            table,
            version=1,
            sensitivity=str(sensitivity),
            made_at=self.instant(days_ago),
            agency_id=by.agency_id,
            service_id=by.service_id,
            practitioner_id=by.practitioner_id,
            **columns,
        )

    def day(self, days_ago: int) -> date:
        return self.as_of - timedelta(days=days_ago)

    def instant(self, days_ago: int) -> datetime:
        """In the forenoon of that day; never in the future."""
        return self.instant_on(self.day(max(days_ago, 1)))

    def instant_on(self, day: date) -> datetime:
        return datetime.combine(day, time(9, 15), UTC)

    @property
    def year_starts_on(self) -> date:
        """The first day of this academic year."""
        this = date(self.as_of.year, 9, 1)
        return this if this <= self.as_of else date(self.as_of.year - 1, 9, 1)

    def autumn(self, years_ago: int) -> date:
        return date(self.year_starts_on.year - years_ago, 9, 1)

    def summer(self, years_ago: int) -> date:
        """The last school day of the academic year that ended that many years before this one began."""
        return date(self.year_starts_on.year - years_ago, 7, 21)

    def pick(self, choices: Sequence[_ANY]) -> _ANY:
        return self.chance.choice(choices)

    def some(self, choices: Sequence[_ANY], count: int) -> list[_ANY]:
        return self.chance.sample(choices, min(count, len(choices)))

    def happens(self, share: float) -> bool:
        return self.chance.random() < share

    def between(self, lowest: int, highest: int) -> int:
        return self.chance.randint(lowest, highest)

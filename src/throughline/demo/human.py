"""A made-up human being, and what each agency's own system says about them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from throughline.demo.directory import Agency
from throughline.demo.names import ORIGINS, SHARES, Origin
from throughline.demo.world import AUTHORITY, By, World
from throughline.terms.agency_kind import SCHOOLS, AgencyKind
from throughline.terms.numbers import InvalidNumber, make_uln, make_upn, synthetic_nhs_numbers
from throughline.terms.role import Role
from throughline.terms.sensitivity import Sensitivity
from throughline.terms.work import Sex

BABY, NURSERY, RECEPTION, LAST_PRIMARY, FIRST_SECONDARY, LAST_SECONDARY, LAST_COLLEGE = (
    -3,
    -1,
    0,
    6,
    7,
    11,
    13,
)
"""School years: Reception is 0; a BABY is too young for a nursery."""


@dataclass
class Human:
    """`year`: the school year of a child, None for an adult. `born` is None for an unborn child."""

    origin: Origin
    given: str | None
    family: str
    sex: Sex
    born: date | None
    year: int | None = None
    person_id: UUID | None = None
    school: Agency | None = None
    joined_on: date | None = None
    upn: str | None = None
    uln: str | None = None
    nhs: str | None = None
    told: dict[tuple[UUID, UUID | None], UUID] = field(default_factory=dict)
    numbers: set[tuple[str, str]] = field(default_factory=set)

    @property
    def is_child(self) -> bool:
        return self.year is not None

    @property
    def is_unborn(self) -> bool:
        return self.born is None

    def at(self, agency: Agency) -> UUID:
        """The identity record that this agency has already."""
        return self.told[agency.id, None]


class Registry:
    """Makes humans, gives them numbers, and writes identity records with the ledger's line for each."""

    def __init__(self, world: World, stewards: Agency) -> None:
        self.world = world
        self._stewards = stewards
        self._nhs = synthetic_nhs_numbers()
        self._upns: dict[str, int] = {}
        self._ulns = 927_000_000
        self._own: dict[UUID, int] = {}

    def origin(self) -> Origin:
        return self.world.chance.choices(ORIGINS, SHARES)[0]

    def child(self, year: int, origin: Origin, family: str) -> Human:
        world, sex = self.world, self.world.pick((Sex.FEMALE, Sex.MALE))
        child = Human(
            origin,
            world.pick(origin.given(sex)),
            family,
            sex,
            self.birth_date(year),
            year,
            nhs=next(self._nhs),
        )
        if year > RECEPTION and world.happens(0.04):
            child.nhs = None
        return child

    def twin_of(self, child: Human) -> Human:
        twin = self.child(child.year or RECEPTION, child.origin, child.family)
        while twin.given == child.given:
            twin.given = self.world.pick(child.origin.given(twin.sex))
        twin.born = child.born
        return twin

    def unborn(self, mother: Human) -> Human:
        return Human(mother.origin, "Baby", mother.family, Sex.NOT_KNOWN, None, BABY)

    def adult(self, years: int, origin: Origin, family: str, sex: Sex) -> Human:
        born = self.world.as_of - timedelta(days=years * 365 + self.world.between(6, 360))
        return Human(origin, self.world.pick(origin.given(sex)), family, sex, born, nhs=next(self._nhs))

    def birth_date(self, year: int) -> date:
        back = self.world.between(0, 364)
        if year <= BABY:
            return self.world.day(30 + back * 2)
        return date(self.world.year_starts_on.year - 4 - year, 8, 31) - timedelta(days=back)

    def next_nhs(self) -> str:
        return next(self._nhs)

    def upn(self, child: Human, school: Agency) -> str:
        """Given once, by the school where the child began."""
        if child.upn is None:
            began = f"{self.world.autumn(max(child.year or 0, 0)).year % 100:02d}"
            stem = f"{AUTHORITY}{school.estab}{began}"
            self._upns[stem] = self._upns.get(stem, 0) + 1
            child.upn = make_upn(f"{stem}{self._upns[stem]:03d}")
        return child.upn

    def uln(self, child: Human) -> str:
        while child.uln is None:
            self._ulns += 1
            try:
                child.uln = make_uln(str(self._ulns))
            except InvalidNumber:
                continue
        return child.uln

    def known(self, human: Human, agency: Agency, days_ago: int = 400, **said: Any) -> UUID:
        """The agency's identity record, made on first mention. `said`: what it writes otherwise."""
        if (agency.id, None) not in human.told:
            human.told[agency.id, None] = self._write(human, agency, None, days_ago, said)
        return human.told[agency.id, None]

    def known_in_confidence(self, human: Human, agency: Agency, service_id: UUID, days_ago: int) -> UUID:
        if (agency.id, service_id) not in human.told:
            human.told[agency.id, service_id] = self._write(human, agency, service_id, days_ago, {})
        return human.told[agency.id, service_id]

    def nameless(self, child: Human, school: Agency) -> UUID:
        """A pupil without early help: a keyed hash of the UPN, and nothing else about who it is."""
        person = self.world.add("person", made_at=self.world.instant(300))
        record = self.world.add(
            "identity_record", person_id=person, agency_id=school.id,
            own_id=self.world.hashed(self.upn(child, school)),
            sensitivity=str(Sensitivity.STANDARD), is_unborn=False, source_rank=school.rank,
            made_at=self.world.instant(300), version=1,
        )  # fmt: skip
        self._link(record, person, school.by, 300, "NEW")
        self.world.nameless.append((record, self.upn(child, school), child.given, child.born))
        return record

    def _write(self, human: Human, agency: Agency, service_id: UUID | None, days_ago: int, said: dict[str, Any]) -> UUID:
        world = self.world
        sensitivity = Sensitivity.CONFIDENTIAL if service_id else Sensitivity.STANDARD
        numbers = [] if said else self._numbers(human, agency)
        is_known = any(number in human.numbers for number in numbers)
        human.numbers.update(numbers)
        person = human.person_id if is_known else world.add("person", made_at=world.instant(days_ago))
        if person is None:
            raise ValueError("whoever has a number that somebody knows is a person already")
        names = {
            "given_name": human.given, "family_name": human.family,
            "date_of_birth": human.born, "sex": str(human.sex),
        }  # fmt: skip
        joined = human.person_id if human.person_id and not service_id else person
        record = world.add(
            "identity_record",
            **(names | said),
            person_id=joined, agency_id=agency.id, service_id=service_id, sensitivity=str(sensitivity),
            own_id=self._own_id(agency), is_unborn=human.is_unborn, source_rank=agency.rank,
            made_at=world.instant(days_ago), version=1,
        )  # fmt: skip
        for scheme, value in numbers:
            world.add(
                "identity_number", identity_record_id=record, agency_id=agency.id, service_id=service_id,
                sensitivity=str(sensitivity), scheme=scheme, value=value, made_at=world.instant(days_ago),
            )  # fmt: skip
        self._link(record, person, agency.by, days_ago, "NUMBER" if is_known else "NEW", service_id=service_id)
        if joined != person:
            self._decide(record, person, joined, days_ago)
        if not service_id:
            human.person_id = joined
        return record

    def _link(self, record: UUID, person: UUID, by: By, days_ago: int, because: str, **more: Any) -> None:
        self.world.add(
            "link_event", identity_record_id=record, person_id=person, because=because,
            agency_id=by.agency_id,
            practitioner_id=by.practitioner_id, at=self.world.instant(days_ago), **more,
        )  # fmt: skip

    def _decide(self, record: UUID, was: UUID, person: UUID, days_ago: int) -> None:
        """No number said so: a steward did."""
        reason = "Same name, birth date and address; asked the agency."
        self._link(record, person, self._steward, days_ago - 1, "DECIDED", from_person_id=was, reason=reason)

    @property
    def _steward(self) -> By:
        return self._stewards.first(Role.IDENTITY_STEWARD).by

    def _numbers(self, human: Human, agency: Agency) -> list[tuple[str, str]]:
        found: list[tuple[str, str | None]] = []
        if agency.kind in SCHOOLS or agency.kind is AgencyKind.LOCAL_AUTHORITY:
            found.append(("UPN", human.upn))
        if agency.kind is AgencyKind.COLLEGE:
            found.append(("ULN", human.uln))
        if agency.kind in (AgencyKind.HEALTH, AgencyKind.LOCAL_AUTHORITY):
            found.append(("NHS_NUMBER", human.nhs))
        return [(scheme, value) for scheme, value in found if value]

    def _own_id(self, agency: Agency) -> str:
        self._own[agency.id] = self._own.get(agency.id, 0) + 1
        return f"{agency.kind[0]}{self._own[agency.id]:06d}"

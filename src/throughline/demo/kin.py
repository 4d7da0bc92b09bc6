"""Families: who lives with whom, in one household or two, and who is what to whom."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from uuid import UUID

from throughline.demo.directory import Agency
from throughline.demo.human import BABY, LAST_COLLEGE, Human, Registry
from throughline.demo.names import STREETS
from throughline.demo.world import By, World
from throughline.terms.family_law import ResponsibilityBasis as Basis
from throughline.terms.sensitivity import Sensitivity
from throughline.terms.work import HouseholdRole as In
from throughline.terms.work import RelationshipKind as Kind
from throughline.terms.work import Sex


@dataclass
class Home:
    """A household; `id` is set when it is written. `lines` and `postcode`: where it is."""

    label: str
    lines: str
    postcode: str
    people: list[tuple[Human, In]] = field(default_factory=list)
    id: UUID | None = None
    family_id: UUID | None = None

    @property
    def key(self) -> UUID:
        if self.id is None:
            raise ValueError("the household is not written yet")
        return self.id

    @property
    def children(self) -> list[Human]:
        return [human for human, role in self.people if role in (In.CHILD, In.UNBORN_CHILD)]

    @property
    def adults(self) -> list[Human]:
        return [human for human, role in self.people if role not in (In.CHILD, In.UNBORN_CHILD)]

    @property
    def everybody(self) -> list[Human]:
        return [human for human, _ in self.people]


@dataclass
class Kin:
    children: list[Human]
    mother: Human
    father: Human | None
    homes: list[Home]
    grandparent: Human | None = None

    @property
    def is_separated(self) -> bool:
        return len(self.homes) > 1


class Families:
    """Makes families; `place` decides where each child goes to school."""

    def __init__(self, world: World, registry: Registry, place: Callable[[Human], None]) -> None:
        self.world, self.registry, self.place = world, registry, place
        self._streets = 0

    def home(self, label: str) -> Home:
        self._streets += 1
        number, street = divmod(self._streets, len(STREETS))
        last = "ABDEFGHJLN"[street % 10] + "PQRSTUWXYZ"[number % 10]
        postcode = f"ZZ{1 + street % 9} {self._streets % 9 + 1}{last}"
        return Home(label, f"{number + 1} {STREETS[street]}, Marlbeck", postcode)

    def make(
        self, count: int, *, twins: bool = False, separated: bool = False, grandparent: bool = False,
        unborn: bool = False, years: tuple[int, ...] | None = None,
    ) -> Kin:  # fmt: skip
        """A family with that many born children. `years`: the school years that they are in."""
        world, registry = self.world, self.registry
        origin = registry.origin()
        surname = world.pick(origin.surnames)
        children = [registry.child(year, origin, surname) for year in years or self._years(count)]
        if twins and count > 1:
            children[1] = registry.twin_of(children[0])
        for child in children:
            self.place(child)
        mother, father = self._parents(children, surname, has_father=separated or world.happens(0.6))
        kin = Kin(children, mother, father, [self.home(f"{mother.family} household")])
        if grandparent:
            kin.grandparent = registry.adult(world.between(52, 70), origin, surname, world.pick((Sex.FEMALE, Sex.MALE)))
        self.settle(kin, separated=separated)
        if unborn:
            kin.homes[0].people.append((registry.unborn(mother), In.UNBORN_CHILD))
        return kin

    def young_mother(self, mother: Human) -> Kin:
        """A parent under 18: a child in one family, a parent in this one."""
        baby = self.registry.child(BABY, mother.origin, mother.family)
        kin = Kin([baby], mother, None, [self.home(f"{mother.family} household (young parent)")])
        kin.homes[0].people = [(mother, In.PARENT), (baby, In.CHILD)]
        return kin

    def _years(self, count: int) -> list[int]:
        first = self.world.between(BABY, LAST_COLLEGE)
        years = [first]
        for _ in range(count - 1):
            years.append(max(BABY, min(LAST_COLLEGE, first + self.world.pick((-5, -4, -3, -2, 2, 3, 4, 5)))))
        return years

    def _parents(self, children: list[Human], surname: str, *, has_father: bool) -> tuple[Human, Human | None]:
        world, registry = self.world, self.registry
        origin, oldest = children[0].origin, max(child.year or 0 for child in children)
        mother = registry.adult(oldest + 5 + world.between(19, 34), origin, surname, Sex.FEMALE)
        if world.happens(0.3):
            mother.family = world.pick(origin.surnames)
        if not has_father:
            return mother, None
        other = registry.origin() if world.happens(0.15) else origin
        return mother, registry.adult(oldest + 5 + world.between(20, 40), other, surname, Sex.MALE)

    def settle(self, kin: Kin, *, separated: bool) -> None:
        first = kin.homes[0]
        first.people = [(kin.mother, In.PARENT), *((child, In.CHILD) for child in kin.children)]
        if kin.grandparent:
            first.people.append((kin.grandparent, In.GRANDPARENT))
        if kin.father and separated:
            second = self.home(f"{kin.father.family} household (father)")
            second.people = [(kin.father, In.PARENT), (kin.children[0], In.CHILD)]
            kin.homes.append(second)
        elif kin.father:
            first.people.append((kin.father, In.PARENT))


class FamilyWriter:
    """Writes families down as the agency that leads the work tells them."""

    def __init__(self, world: World, registry: Registry) -> None:
        self.world, self.registry = world, registry

    def write(self, kin: Kin, maker: Agency, by: By, days_ago: int) -> None:
        world = self.world
        family = world.add("family", agency_id=maker.id, made_at=world.instant(days_ago))
        for home in kin.homes:
            home.family_id = family
            home.id = world.add(
                "household",
                family_id=family,
                agency_id=maker.id,
                label=home.label,
                made_at=world.instant(days_ago),
            )
            for human, role in home.people:
                record = self.registry.known(human, maker, days_ago)
                world.record(
                    "membership", by, days_ago, identity_record_id=record, household_id=home.id,
                    family_id=family,
                    role=str(role), from_on=world.day(days_ago),
                )  # fmt: skip
                self.address(home, record, by, days_ago)
        self._relate(kin, maker, by, days_ago)

    def address(self, home: Home, record: UUID, by: By, days_ago: int, *, is_confidential: bool = False) -> UUID:
        return self.world.record(
            "address", by, days_ago, Sensitivity.SENSITIVE if is_confidential else Sensitivity.STANDARD,
            identity_record_id=record, household_id=None if is_confidential else home.key, lines=home.lines,
            postcode=home.postcode, is_confidential=is_confidential, from_on=self.world.day(days_ago),
        )  # fmt: skip

    def _relate(self, kin: Kin, maker: Agency, by: By, days_ago: int) -> None:
        first, last = kin.homes[0], kin.homes[-1]
        born = [child for child in kin.children if not child.is_unborn]
        for child in born:
            self._relation(kin.mother, Kind.PARENT_OF, child, first, maker, by, days_ago)
            self._responsible(kin.mother, Basis.MOTHER, child, first, maker, by, days_ago)
            lives_there = child in last.children
            if kin.father and lives_there:
                self._relation(kin.father, Kind.PARENT_OF, child, last, maker, by, days_ago)
                self._responsible(kin.father, Basis.BIRTH_CERTIFICATE, child, last, maker, by, days_ago)
            if kin.grandparent:
                self._relation(kin.grandparent, Kind.GRANDPARENT_OF, child, first, maker, by, days_ago)
        for one, other in pairwise(born):
            self._relation(one, Kind.SIBLING_OF, other, first, maker, by, days_ago)
        if kin.father:
            kind = Kind.FORMER_PARTNER_OF if kin.is_separated else Kind.PARTNER_OF
            self._relation(kin.father, kind, kin.mother, None if kin.is_separated else first, maker, by, days_ago)

    def _relation(self, one: Human, kind: Kind, other: Human, home: Home | None, maker: Agency, by: By, days_ago: int) -> None:
        self.world.record(
            "relationship", by, days_ago, identity_record_id=one.at(maker),
            other_identity_record_id=other.at(maker),
            household_id=home.key if home else None, kind=str(kind),
            how_known="Said by the family",
            from_on=other.born if kind is Kind.PARENT_OF else None,
        )  # fmt: skip

    def _responsible(self, one: Human, basis: Basis, child: Human, home: Home, maker: Agency, by: By, days_ago: int) -> None:
        self.world.record(
            "parental_responsibility", by, days_ago, identity_record_id=one.at(maker), other_identity_record_id=child.at(maker),
            household_id=home.key, known_by=str(basis), from_on=child.born,
        )  # fmt: skip

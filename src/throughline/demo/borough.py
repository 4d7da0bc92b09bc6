"""The borough as a whole: how many of what, and everybody whom the stories do not name."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from throughline.demo.casework import Case, Casework
from throughline.demo.chapters import Makers
from throughline.demo.human import LAST_COLLEGE, NURSERY, Human, Registry
from throughline.demo.kin import Families, FamilyWriter, Kin
from throughline.demo.partners import Partners, build_directory
from throughline.demo.population import Population
from throughline.demo.reporting import Reporting
from throughline.demo.schooling import Schooling
from throughline.demo.story import Story
from throughline.demo.world import World
from throughline.records.published_count import last_year

DEFAULT_CHILDREN, DEFAULT_SEED = 5_000, 20_250
FEWEST, MOST = 200, 50_000
OPEN_SHARE, PARTNER_SHARE, CLOSED_SHARE = 990 / 5_000, 588 / 5_000, 0.02
CHILDREN_PER_FAMILY = (1, 1, 2, 1, 1, 2, 1, 3, 1, 1)


class BoroughError(Exception):
    """Such a borough cannot be made; the message says why."""


@dataclass(frozen=True)
class Figures:
    """What was aimed at and reached; `known`: children of whom there are records with a name."""

    children: int
    open_children: int
    cases: int
    partner_cases: int
    known: int


def build(children: int, seed: int, as_of: date, hashed: Callable[[str], str]) -> tuple[World, Figures]:
    if not FEWEST <= children <= MOST:
        raise BoroughError(f"a borough has from {FEWEST} to {MOST:,} children")
    world = World(seed, as_of, hashed)
    partners = build_directory(world, children / DEFAULT_CHILDREN)
    make = _makers(world, partners)
    story = Story(make)
    cases = story.tell()
    population = Population(make)
    open_children = round(children * OPEN_SHARE)
    partner_cases = round(children * PARTNER_SHARE)
    ordinary = _ordinary_cases(make, population, cases, open_children, partner_cases)
    cases += ordinary
    closed = _closed(make, population, round(children * CLOSED_SHARE))
    known = {id(child): child for case in (*cases, *closed) for child in case.home.children}
    others = _others(make, children - len(known) - 1)  # one more: at the front door, without a case
    # The stories stay as they are told: nothing more happens to the children in them.
    unnamed = [child for case in (*ordinary, *closed) for child in case.home.children]
    population.contacts(unnamed, children)
    population.drop_ins(unnamed, others, round(children * 0.012))
    population.light_touch(round(children * 0.04))
    story.in_an_emergency(cases[0])
    population.former_drop_ins(others, last_year(as_of), max(14, round(children * 0.01)))
    story.set_apart(cases[0])
    return world, Figures(children, open_children, len(cases), _held_by_partners(partners, cases), len(known) + 1)


def _makers(world: World, partners: Partners) -> Makers:
    registry = Registry(world, partners.council)
    schooling = Schooling(world, registry, partners.schools, partners.admissions)
    return Makers(
        world, registry, partners, schooling, Families(world, registry, schooling.place),
        FamilyWriter(world, registry), Casework(world, registry),
        Reporting(world, registry),
    )  # fmt: skip


def _ordinary_cases(make: Makers, population: Population, told: list[Case], open_children: int, partner_cases: int) -> list[Case]:
    left = open_children - len({id(child) for case in told for child in case.home.children})
    families: list[Kin] = []
    while left > 0:
        place = len(families)
        count = min(left, CHILDREN_PER_FAMILY[place % len(CHILDREN_PER_FAMILY)])
        families.append(population.family(place, count))
        left -= count
    homes = sum(len(kin.homes) for kin in families)
    by_partners = partner_cases - _held_by_partners(make.partners, told)
    leads = [place < by_partners for place in range(homes)]
    make.world.chance.shuffle(leads)
    cases: list[Case] = []
    for kin in families:
        turns = leads[len(cases) : len(cases) + len(kin.homes)]
        cases += population.open(kin, turns, len(cases))
    return cases


def _closed(make: Makers, population: Population, children: int) -> list[Case]:
    """Helped once, and not now."""
    found: list[Case] = []
    left = children
    while left > 0:
        count = min(left, CHILDREN_PER_FAMILY[len(found) % len(CHILDREN_PER_FAMILY)])
        kin = make.families.make(count)
        found += population.close(kin, len(found))
        left -= count
    return found


def _others(make: Makers, count: int) -> list[Human]:
    """Pupils without early help: the school, the dates and a keyed hash."""
    found = []
    for _ in range(count):
        child = make.registry.child(make.world.between(NURSERY, LAST_COLLEGE), make.registry.origin(), "")
        make.schooling.place(child)
        make.schooling.nameless(child)
        found.append(child)
    return found


def _held_by_partners(partners: Partners, cases: list[Case]) -> int:
    return sum(case.lead.agency is not partners.council for case in cases)

"""W4: where whereabouts are protected, whatever tells a place, a school, an agency or a worker is as if it were not there."""

from uuid import UUID

import pytest

from tests.access.street import Street, make_street
from tests.access.surface import NODE, Surface
from tests.world import NOW, SENSITIVE, STANDARD, Human, Someone, World, day
from throughline.linking.identity import Identity
from throughline.linking.keys import link_keys
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.purpose import Purpose as P
from throughline.terms.role import Role as R

pytestmark = pytest.mark.anyio


async def elsewhere(street: Street) -> list[UUID]:
    """What agencies of another town record about the child and the mother, each of which tells where they are. Answers the rows' ids."""
    world = street.world
    town = await world.practitioner(await world.agency(A.LOCAL_AUTHORITY, area="Faraway"), R.FAMILY_PRACTITIONER)
    school, door = await world.agency(A.SCHOOL, area="Faraway"), await world.agency(A.LOCAL_AUTHORITY, area="Faraway")
    home = street.home.household_id
    made = [await world.light_touch(town, street.home, household_id=home)]
    for human in (street.child, street.mother):
        record = await world.known_to(town, human.person_id, given="Xena")
        made += [record, await world.number(record, "UPN", "A823432101234"), await world.assigned(town, record)]
        theirs = Human(human.person_id, record)
        made.append(await world.report(town, ([theirs], STANDARD), ([theirs], SENSITIVE), household_id=home))
        made += [await world.about(table, town, theirs) for table in ("involvement", "need", "legal_status", "attendance")]
        made.append(await world.about("address", town, theirs, household_id=home, postcode="FA1 1FA"))
        made.append(await world.contact(town, theirs, door))
        made.append(await world.position(town, town, street.home, [theirs], confirmed_by=door))
        made.append(await world.decision(town, [school], [theirs], confirmed_by=door))
    made.append(await world.enrolled(town, street.child, school, confirmed_by=door))
    return made


async def observed(street: Street, surface: Surface, watching: list[tuple[Someone, P]]) -> list[list[bytes]]:
    people, families = [street.mother.person_id, street.child.person_id], [street.home.family_id]
    return [
        await surface.everything(who, purpose, people=people, families=families, nodes=[], names=["Xena Khan", "Khan"])
        for who, purpose in watching
    ]


async def seen(surface: Surface, who: Someone, purpose: P, rows: list[UUID]) -> list[str]:
    nodes = [(await surface.data(who, purpose, NODE, id=str(row)))["node"] for row in rows]
    return [node["__typename"] for node in nodes if node]


async def test_what_tells_where_somebody_is_cannot_be_observed(world: World, surface: Surface) -> None:
    street = await make_street(world)
    town_lead = await world.practitioner(await world.agency(A.LOCAL_AUTHORITY), R.FAMILY_PRACTITIONER)
    await world.position(
        street.door, town_lead, street.home, [street.mother, street.child], "LEAD", confirmed_by=street.keeper.agency_id
    )
    reader = street.lead
    mark = await world.protected(street.keeper, street.mother, "WHEREABOUTS", [reader], -5)
    others = [(who, purpose) for who, purpose in [*street.watching, (town_lead, P.SUPPORT)] if who.id != reader.id]
    await world.settle()
    before = await observed(street, surface, others)
    assert sum(len(b"".join(said)) for said in before) > 10_000, "they see that there is a family"
    made = await elsewhere(street)
    await world.settle()
    for (who, _), one, other in zip(others, await observed(street, surface, others), before, strict=True):
        assert one == other, who.role
    told = await seen(surface, reader, P.SUPPORT, made)
    assert {"SupportReport", "Involvement"} <= set(told), "on roll there, and named"
    own = await seen(surface, street.worker, P.SUPPORT, made)
    assert own == []
    await world.change("protection", mark, until_on=day(-1))
    await world.settle()
    after = await observed(street, surface, others)
    assert {who.role for (who, _), one, other in zip(others, after, before, strict=True) if one != other} >= {
        R.FAMILY_PRACTITIONER, R.HEALTH_PRACTITIONER, R.SOCIAL_WORKER,
    }  # fmt: skip
    assert {"Address", "Need", "SupportReport"} <= set(await seen(surface, street.worker, P.SUPPORT, made))


async def test_no_mark_tells_what_another_hides(world: World, surface: Surface) -> None:
    street = await make_street(world)
    await world.protected(street.keeper, street.mother, "WHEREABOUTS", [street.lead], -5)
    made = await elsewhere(street)
    await world.settle()
    assert "Involvement" in await seen(surface, street.lead, P.SUPPORT, made), "told by the only mark"
    theirs = Human(street.child.person_id, await world.known_to(street.nurse, street.child.person_id))
    mark = await world.protected(street.nurse, theirs, "WHEREABOUTS", [], -5)  # on another identity record of the child's
    await world.settle()
    assert await seen(surface, street.lead, P.SUPPORT, made) == []
    await world.change("protection", mark, until_on=day(-1))
    await world.settle()
    assert "Involvement" in await seen(surface, street.lead, P.SUPPORT, made)


async def test_what_somebody_made_themselves_stays_theirs(world: World, surface: Surface) -> None:
    street = await make_street(world)
    report = await world.report(street.worker, ([street.mother], STANDARD))
    need = await world.about("need", street.nurse, street.mother)
    await world.protected(street.keeper, street.mother, "WHEREABOUTS")
    await world.settle()
    assert await seen(surface, street.worker, P.SUPPORT, [report, need]) == ["SupportReport"]


async def test_it_holds_for_whoever_lives_with_them_and_for_nobody_else(world: World, surface: Surface) -> None:
    street = await make_street(world)
    needs = [await world.about("need", street.nurse, one) for one in (street.mother, street.child)]
    left = await world.person(street.nurse, "Tom", "Khan")
    await world.lives(street.nurse, left, street.home, -100, -1)
    await world.position(street.door, street.worker, street.home, [left], "LEAD", confirmed_by=street.keeper.agency_id)
    await world.decision(street.door, [street.worker.agency_id], [left], confirmed_by=street.keeper.agency_id)
    needs.append(await world.about("need", street.nurse, left))
    await world.settle()
    assert len(await seen(surface, street.worker, P.SUPPORT, needs)) == 3
    mark = await world.protected(street.keeper, street.child, "WHEREABOUTS")
    await world.settle()
    assert len(await seen(surface, street.worker, P.SUPPORT, needs)) == 1
    await world.change("protection", mark, until_on=day(0))
    await world.settle()
    assert len(await seen(surface, street.worker, P.SUPPORT, needs)) == 1, "today still"
    await world.change("protection", mark, until_on=day(-1))
    await world.settle()
    assert len(await seen(surface, street.worker, P.SUPPORT, needs)) == 3


async def test_each_custodian_closes_and_none_opens_what_another_closes(world: World, surface: Surface) -> None:
    street = await make_street(world)
    need = await world.about("need", street.nurse, street.mother)
    first = await world.protected(street.keeper, street.mother, "WHEREABOUTS", [street.worker])
    await world.settle()
    assert await seen(surface, street.worker, P.SUPPORT, [need])
    assert not await seen(surface, street.social, P.SUPPORT, [need])
    second = await world.protected(street.social, street.mother, "WHEREABOUTS")
    await world.settle()
    assert not await seen(surface, street.social, P.SUPPORT, [need]), "a mark of one's own opens nothing"
    assert await seen(surface, street.worker, P.SUPPORT, [need]), "of the second custodian's agency, and named by the first"
    await world.change("protection", first, until_on=day(-1))
    await world.settle()
    assert await seen(surface, street.social, P.SUPPORT, [need])
    await world.change("protection", second, withdrawn_at=NOW)
    await world.settle()
    assert await seen(surface, street.nurse, P.SUPPORT, [need])


async def test_the_mark_itself_shows_to_its_custodian_and_readers(world: World, surface: Surface) -> None:
    street = await make_street(world)
    mark = await world.protected(street.keeper, street.mother, "WHEREABOUTS", [street.worker])
    await world.settle()
    shown = {
        who.role: await seen(surface, who, P.PROTECTION, [mark])
        for who in (street.keeper, street.worker, street.lead, street.social)
    }
    assert shown == {
        R.SOCIAL_WORKER: [], R.FAMILY_PRACTITIONER: ["Protection"], R.SAFEGUARDING_LEAD: [],
    }  # fmt: skip
    assert await seen(surface, street.keeper, P.PROTECTION, [mark]) == ["Protection"]


def test_a_postcode_is_no_key_by_which_anybody_is_found() -> None:
    """Nor may it become one while whereabouts are protected: whoever adds it must read this first."""
    home = Identity(own_id="1", given_name="Mia", date_of_birth=day(-9000), postcode="FA1 1FA")
    assert home.link_keys(b"x") == link_keys(b"x", [], "Mia", day(-9000)) == []

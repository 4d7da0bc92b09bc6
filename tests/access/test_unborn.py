"""W7: an unborn child exists for its health team, the allocated social worker and whom a sharing decision names, and for nobody else."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tests.access.street import Street, make_street
from tests.access.surface import NODE, PERSON, Surface
from tests.world import STANDARD, Human, Someone, World, day
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.purpose import Purpose as P
from throughline.terms.role import Role as R

pytestmark = pytest.mark.anyio


async def expected_baby(street: Street) -> tuple[Human, list[UUID]]:
    """Named by the health service; at home, on the team's list, reported about, and asked about at a front door."""
    world, nurse = street.world, street.nurse
    baby = await world.person(nurse, "Baby", "Khan", None, is_unborn=True)
    made = [baby.record_id, baby.person_id, await world.assigned(nurse, baby.record_id)]
    made.append(await world.report(nurse, ([baby], STANDARD)))
    made.append(await world.about("need", street.worker, baby, household_id=street.home.household_id))
    made.append(await world.lives(nurse, baby, street.home))
    made.append(await world.related(nurse, street.mother, baby, street.home))
    made.append(await world.contact(nurse, baby, street.door))
    for holder, position in ((street.worker, "LEAD"), (street.social, "ALLOCATED_SOCIAL_WORKER")):
        made.append(await world.position(street.door, holder, street.home, [baby], position, confirmed_by=street.worker.agency_id))
    return baby, made


async def test_an_unborn_child_cannot_be_observed_by_others(world: World, surface: Surface) -> None:
    street = await make_street(world)
    other_trust = await world.practitioner(await world.agency(A.HEALTH), R.HEALTH_PRACTITIONER)
    await world.position(street.door, other_trust, street.home, [street.mother, street.child], confirmed_by=street.worker.agency_id)
    team = {street.nurse.id, street.social.id}
    others = [(who, purpose) for who, purpose in [*street.watching, (other_trust, P.SUPPORT)] if who.id not in team]
    await world.settle()

    async def observed(nodes: list[UUID]) -> list[list[bytes]]:
        people, families = [street.mother.person_id, street.child.person_id], [street.home.family_id]
        return [
            await surface.everything(who, purpose, people=people, families=families, nodes=nodes, names=["Baby Khan", "Khan"])
            for who, purpose in others
        ]

    before = await observed([])
    baby, made = await expected_baby(street)
    await world.settle()
    assert await observed([]) == before
    for who, purpose in others:
        absent = await surface.raw(who, purpose, NODE, id=str(street.home.household_id))
        assert {await surface.raw(who, purpose, NODE, id=str(row)) for row in made} == {absent}, who.role
    assert await shown(surface, street.nurse, P.SUPPORT, baby)
    assert await shown(surface, street.social, P.PROTECTION, baby)
    await world.change("identity_record", baby.record_id, date_of_birth=date(2026, 3, 11), is_unborn=False)
    await world.settle()
    assert await shown(surface, street.worker, P.SUPPORT, baby), "now born"
    assert await observed([]) != before


async def test_a_sharing_decision_names_who_else_knows(world: World, surface: Surface) -> None:
    street = await make_street(world)
    baby, _ = await expected_baby(street)
    await world.settle()
    assert not await shown(surface, street.worker, P.SUPPORT, baby)
    named = [street.worker.agency_id]
    decision = await world.decision(street.nurse, named, [baby], kinds=(), last=0, confirmed_by=street.door)
    await world.settle()
    assert await shown(surface, street.worker, P.SUPPORT, baby)
    assert not await shown(surface, street.lead, P.SUPPORT, baby)
    await world.change("sharing_decision", decision, withdrawn_on=day(0))
    await world.settle()
    assert not await shown(surface, street.worker, P.SUPPORT, baby)


async def test_an_agency_that_names_an_unborn_child_itself_meets_its_own_words_alone(world: World, surface: Surface) -> None:
    """Linked to the health service's word or not: what the hub gets back is the same."""
    street = await make_street(world)
    baby, _ = await expected_baby(street)
    own = await world.known_to(street.worker, baby.person_id, given="Baby", own_id="B", is_unborn=True)
    await world.assigned(street.worker, own)
    await world.settle()
    report = (
        "mutation($input: SupportReportSubmitInput!) { supportReportSubmit(input: $input) { userErrors { code } "
        "supportReport { id about { isUnborn supportReports { totalCount } } } } }"
    )
    answers = []
    for own_id in ("B", "C"):
        given = {
            "idempotencyKey": own_id, "kindOfSupport": "TALK", "givenOn": str(day(0)), "delivery": "VISIT",
            "parts": [{"about": [{"identity": {"ownId": own_id, "givenName": "Baby", "isUnborn": True}}], "whatWasDone": "Talked."}],
        }  # fmt: skip
        done = (await surface.data(street.worker, P.SUPPORT, report, input=given))["supportReportSubmit"]
        assert done["supportReport"].pop("id")
        answers.append(done)
    assert answers[0] == answers[1]
    assert answers[0]["supportReport"]["about"][0]["isUnborn"] is True


async def shown(surface: Surface, who: Someone, purpose: P, baby: Human) -> Any:
    return (await surface.data(who, purpose, PERSON, id=str(baby.person_id)))["person"]

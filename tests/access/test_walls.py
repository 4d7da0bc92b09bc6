"""The walls: whatever a sentence allows, what stands behind one does not exist."""

from datetime import date
from typing import Any

import pytest

from tests.access.given import ASSIGNED, CASE, LEAD, ON_ROLL, TEAM, covered
from tests.access.portal import Portal
from tests.access.scene import Scene, open_scene
from tests.access.sentences_to_see import about, light_touch, report
from tests.world import NOW, SENSITIVE, STANDARD, Human, day
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.purpose import Purpose as P
from throughline.terms.record_kind import RecordKind as K
from throughline.terms.role import Role as R

pytestmark = pytest.mark.anyio


async def sees(scene: Scene, role: R, kind: K, record: Any, purpose: P = P.SUPPORT) -> bool:
    await scene.settle()
    return await scene.portal.sees(scene.as_(role), purpose, kind, record) is not None


async def leading(stage: Portal, works_at: A = A.LOCAL_AUTHORITY, **more: Any) -> Scene:
    """The viewer leads, and a decision covers everything about the child and the mother."""
    scene = await open_scene(stage, works_at, **more)
    await scene.world.position(scene.maker, scene.viewer, scene.home, [scene.child, scene.mother], "LEAD", confirmed_by=scene.board.agency_id)
    await scene.world.decision(
        scene.maker, [scene.viewer.agency_id], [scene.child, scene.mother], sensitive=tuple(K), confirmed_by=scene.board.agency_id
    )
    return scene


# W1: own connections

CONNECTED = {
    "with the child": ("child", {}, True),
    "with the mother, who lives with the child": ("mother", {}, True),
    "until today": ("child", {"ended": 0}, True),
    "until yesterday": ("child", {"ended": -1}, False),
    "with a stranger": ("stranger", {}, False),
}


@pytest.mark.parametrize(("whom", "days", "is_walled"), CONNECTED.values(), ids=CONNECTED)
async def test_w1_nobody_sees_anything_about_their_own(stage: Portal, whom: str, days: dict[str, int], is_walled: bool) -> None:
    scene = await leading(stage)
    record = await report(STANDARD)(scene)
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, record)
    await scene.world.connected(scene.viewer, getattr(scene, whom).record_id, **days)
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, record) is not is_walled
    person = await stage.person(scene.as_(R.FAMILY_PRACTITIONER), P.SUPPORT, scene.child.person_id)
    assert (person is None) is is_walled


async def test_w1_a_connection_of_a_colleague_walls_nobody_else(stage: Portal) -> None:
    scene = await leading(stage)
    record = await report(STANDARD)(scene)
    await scene.world.connected(scene.colleague, scene.child.record_id)
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, record)


async def test_w1_stands_before_a_household_that_was_left_only_while_it_was_shared(stage: Portal) -> None:
    scene = await leading(stage)
    aunt = await scene.world.person(scene.maker, "Ada")
    moved = await scene.world.lives(scene.maker, aunt, scene.home, -100, 0)
    record = await report(STANDARD)(scene)
    await scene.world.connected(scene.viewer, aunt.record_id)
    assert not await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, record)
    await scene.world.change("membership", moved, until_on=day(-1))
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, record)


async def test_w1_stands_by_whichever_record_of_the_person_it_was_declared(stage: Portal) -> None:
    scene = await leading(stage)
    record = await report(STANDARD)(scene)
    elsewhere = await scene.world.known_to(scene.elsewhere, scene.child.person_id)
    await scene.world.connected(scene.viewer, elsewhere)
    assert not await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, record)


async def test_w1_hides_even_what_one_wrote_oneself_and_whom_one_may_find(stage: Portal) -> None:
    scene = await open_scene(stage, A.LOCAL_AUTHORITY)
    own = await report(STANDARD, by="viewer")(scene)
    position = await scene.world.position(scene.maker, scene.viewer, scene.home, [scene.child], confirmed_by=scene.board.agency_id)
    await scene.world.connected(scene.viewer, scene.child.record_id)
    assert not await sees(scene, R.SCHOOL_STAFF, K.SUPPORT_REPORT, own)
    assert not await sees(scene, R.FAMILY_PRACTITIONER, K.TEAM_POSITION, position)


async def test_w1_a_record_about_somebody_else_as_well_is_hidden_too(stage: Portal) -> None:
    scene = await leading(stage)
    both = await scene.world.report(scene.maker, ([scene.child, scene.stranger], STANDARD))
    await scene.world.position(scene.maker, scene.viewer, scene.other_home, [scene.stranger], confirmed_by=scene.board.agency_id)
    await scene.world.decision(scene.maker, [scene.viewer.agency_id], [scene.stranger], confirmed_by=scene.board.agency_id)
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, both)
    await scene.world.connected(scene.viewer, scene.stranger.record_id)
    assert not await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, both)


# W5: a part is open only for whoever may see it for everybody in it


async def test_w5_a_part_about_two_people_is_not_shown_to_whom_only_one_is_open(stage: Portal) -> None:
    scene = await open_scene(stage, A.LOCAL_AUTHORITY)
    for given in (TEAM, covered(K.SUPPORT_REPORT)):
        await given.arrange(scene, given.ways[0])
    together = await scene.world.report(scene.maker, ([scene.child, scene.mother], STANDARD))
    assert not await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, together)
    apart = await scene.world.report(scene.maker, ([scene.child], STANDARD), ([scene.mother], STANDARD))
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, apart)


async def test_w5_two_records_of_one_person_in_one_part_are_one_person(stage: Portal) -> None:
    scene = await open_scene(stage, A.LOCAL_AUTHORITY)
    for given in (TEAM, covered(K.SUPPORT_REPORT)):
        await given.arrange(scene, given.ways[0])
    again = Human(scene.child.person_id, await scene.world.known_to(scene.maker, scene.child.person_id))
    both = await scene.world.report(scene.maker, ([scene.child, again], STANDARD))
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, both)
    with_mother = await scene.world.report(scene.maker, ([scene.child, again, scene.mother], STANDARD))
    assert not await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, with_mother)


async def test_w5_somebody_in_the_part_whom_nobody_may_know_of_closes_it(stage: Portal) -> None:
    """An identity record of a confidential service, named by mistake in an ordinary part."""
    scene = await leading(stage)
    service = await scene.world.service(scene.maker.agency_id)
    keeper = type(scene.maker)(scene.maker.id, scene.maker.agency_id, scene.maker.role, scene.maker.client_id, service)
    hidden = await scene.world.person(keeper, "Zed")
    mixed = await scene.world.report(scene.maker, ([scene.child, hidden], STANDARD))
    assert not await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, mixed)


async def test_w5_a_relationship_shows_only_where_both_are_open(stage: Portal) -> None:
    scene = await open_scene(stage, A.LOCAL_AUTHORITY)
    await scene.world.position(scene.maker, scene.viewer, scene.home, [scene.child], confirmed_by=scene.board.agency_id)
    tie = await scene.world.related(scene.maker, scene.mother, scene.child)
    assert not await sees(scene, R.FAMILY_PRACTITIONER, K.RELATIONSHIP, tie)
    await scene.world.position(scene.maker, scene.viewer, scene.home, [scene.mother], confirmed_by=scene.board.agency_id)
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.RELATIONSHIP, tie)


# W6: SENSITIVE content about an adult reaches no school and no voluntary group

ADULTS = {
    "18 today": ({"born": date(2008, 3, 11)}, True),
    "18 tomorrow": ({"born": date(2008, 3, 12)}, False),
    "not yet born": ({"born": None, "is_unborn": True}, False),
    "of no known age": ({"born": None}, True),
}


async def lay_lead(stage: Portal, born: dict[str, Any], **decided: Any) -> tuple[Scene, Any]:
    scene = await open_scene(stage, A.SCHOOL)
    somebody = await scene.world.person(scene.maker, "Lee", "Moss", **born)
    await scene.world.lives(scene.maker, somebody, scene.home)
    await scene.world.position(scene.maker, scene.viewer, scene.home, [somebody], "LEAD", confirmed_by=scene.board.agency_id)
    values = {"sensitive": [K.SUPPORT_REPORT], "kinds": [], "confirmed_by": scene.board.agency_id, **decided}
    await scene.world.decision(scene.maker, [scene.viewer.agency_id], [somebody], **values)
    return scene, await scene.world.report(scene.maker, ([somebody], SENSITIVE))


@pytest.mark.parametrize(("born", "is_adult"), ADULTS.values(), ids=ADULTS)
async def test_w6_sensitive_content_about_an_adult_reaches_no_school(stage: Portal, born: dict[str, Any], is_adult: bool) -> None:
    scene, record = await lay_lead(stage, born)
    assert await sees(scene, R.SAFEGUARDING_LEAD, K.SUPPORT_REPORT, record) is not is_adult


async def test_w6_a_lead_sees_it_where_that_adult_agreed(stage: Portal) -> None:
    scene, record = await lay_lead(stage, {"born": date(1990, 1, 1)}, agreed=True)
    assert await sees(scene, R.SAFEGUARDING_LEAD, K.SUPPORT_REPORT, record)


DISAGREED = {
    "agreed to STANDARD records only": {"kinds": [K.SUPPORT_REPORT], "sensitive": [], "agreed": True},
    "agreed to another kind": {"sensitive": [K.INVOLVEMENT], "agreed": True},
    "agreed for another purpose": {"purpose": P.PROTECTION, "agreed": True},
    "took it back today": {"withdrawn": 0, "agreed": True},
    "refused": {"is_refusal": True, "agreed": True},
}


@pytest.mark.parametrize("said", DISAGREED.values(), ids=DISAGREED)
async def test_w6_stands_where_the_adult(stage: Portal, said: dict[str, Any]) -> None:
    """A second decision, made without that adult, covers the report all the while."""
    scene, record = await lay_lead(stage, {"born": date(1990, 1, 1)})
    adult = await scene.world.connection.fetchrow(
        "select w.person_id, w.id from portal.support_report_part_person l join portal.identity_record w "
        "on w.id = l.identity_record_id where l.report_id = $1", record,
    )  # fmt: skip
    decided = {"sensitive": [K.SUPPORT_REPORT], "kinds": [], "confirmed_by": scene.board.agency_id, **said}
    await scene.world.decision(scene.maker, [scene.viewer.agency_id], [Human(adult[0], adult[1])], **decided)
    assert not await sees(scene, R.SAFEGUARDING_LEAD, K.SUPPORT_REPORT, record)


async def test_w6_stands_where_the_decision_was_agreed_by_somebody_together_with_the_adult(stage: Portal) -> None:
    scene = await open_scene(stage, A.SCHOOL)
    both = [scene.mother, scene.child]
    await scene.world.position(scene.maker, scene.viewer, scene.home, both, "LEAD", confirmed_by=scene.board.agency_id)
    await scene.world.decision(
        scene.maker, [scene.viewer.agency_id], both, sensitive=tuple(K), agreed=True, confirmed_by=scene.board.agency_id
    )
    record = await report(SENSITIVE, whom="mother")(scene)
    assert not await sees(scene, R.SAFEGUARDING_LEAD, K.SUPPORT_REPORT, record)


@pytest.mark.parametrize(
    ("works_at", "role", "is_walled"),
    [
        (A.NURSERY, R.HEALTH_PRACTITIONER, True), (A.COLLEGE, R.FAMILY_PRACTITIONER, True), (A.VOLUNTARY, R.TEAM_MANAGER, True),
        (A.LOCAL_AUTHORITY, R.SAFEGUARDING_LEAD, True), (A.LOCAL_AUTHORITY, R.FAMILY_PRACTITIONER, False), (A.HEALTH, R.HEALTH_PRACTITIONER, False),
    ],
)  # fmt: skip
async def test_w6_goes_by_the_agency_as_well_as_by_the_role(stage: Portal, works_at: A, role: R, is_walled: bool) -> None:
    scene = await leading(stage, works_at)
    record = await report(SENSITIVE, whom="mother")(scene)
    assert await sees(scene, role, K.SUPPORT_REPORT, record) is not is_walled


async def test_w6_no_agency_makes_an_adult_a_child_by_saying_so(stage: Portal) -> None:
    scene, record = await lay_lead(stage, {"born": date(1990, 1, 1)})
    person = await scene.world.connection.fetchval(
        "select w.person_id from portal.support_report_part_person l join portal.identity_record w on w.id = l.identity_record_id "
        "where l.report_id = $1", record,
    )  # fmt: skip
    await scene.world.known_to(scene.viewer, person, born=date(2015, 1, 1))
    await scene.world.known_to(scene.viewer, person, is_unborn=True)
    assert not await sees(scene, R.SAFEGUARDING_LEAD, K.SUPPORT_REPORT, record)


# W8: two households


async def two_homes(stage: Portal) -> tuple[Scene, Human]:
    """The viewer leads around the mother's home; the father has the child every other week in his own."""
    scene = await open_scene(stage, A.LOCAL_AUTHORITY)
    father = await scene.world.person(scene.maker, "Dan", "Reed", date(1985, 1, 1))
    scene.other_home = await scene.world.home(scene.maker, scene.home.family_id, father, scene.child)
    await scene.world.position(scene.maker, scene.viewer, scene.home, [scene.child], "LEAD", confirmed_by=scene.board.agency_id)
    await scene.world.decision(
        scene.maker, [scene.viewer.agency_id], [scene.child, father, scene.mother], sensitive=tuple(K), confirmed_by=scene.board.agency_id
    )
    return scene, father


async def test_w8_nothing_of_the_other_households_adults_address_or_work(stage: Portal) -> None:
    scene, father = await two_homes(stage)
    own = await scene.world.known_to(scene.viewer, father.person_id)
    await scene.world.assigned(scene.viewer, own)
    about_him = await scene.world.report(scene.colleague, ([Human(father.person_id, own)], STANDARD))
    there = {"household_id": scene.other_home.household_id}
    lives = await scene.world.connection.fetchval("select id from portal.membership where identity_record_id = $1", father.record_id)
    for kind, record in (
        (K.SUPPORT_REPORT, about_him),
        (K.MEMBERSHIP, lives),
        (K.ADDRESS, await scene.world.about("address", scene.maker, scene.child, **there)),
        (K.NEED, await scene.world.about("need", scene.maker, scene.child, **there)),
        (K.INVOLVEMENT, await scene.world.about("involvement", scene.maker, scene.child, **there)),
    ):
        assert not await sees(scene, R.FAMILY_PRACTITIONER, kind, record), kind
    assert await stage.person(scene.as_(R.FAMILY_PRACTITIONER), P.SUPPORT, father.person_id) is None


async def test_w8_the_child_of_both_homes_stays_in_sight(stage: Portal) -> None:
    scene, _ = await two_homes(stage)
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, await report(STANDARD)(scene))
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.NEED, await about("need", at_home=True)(scene))


BOTH_TEAMS = {
    "holds a position there too": ({}, True),
    "holds one there that nobody confirmed": ({"confirmed_by": None}, False),
    "held one there until yesterday": ({"first": -30, "last": -1}, False),
    "holds one there until today": ({"first": -30, "last": 0}, True),
}


@pytest.mark.parametrize(("days", "is_open"), BOTH_TEAMS.values(), ids=BOTH_TEAMS)
async def test_w8_falls_for_a_practitioner_of_both_teams(stage: Portal, days: dict[str, Any], is_open: bool) -> None:
    scene, father = await two_homes(stage)
    held = {"confirmed_by": scene.board.agency_id, **days}
    await scene.world.position(scene.maker, scene.viewer, scene.other_home, [father], **held)
    record = await scene.world.about("need", scene.maker, scene.child, household_id=scene.other_home.household_id)
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.NEED, record) is is_open
    lives = await scene.world.connection.fetchval("select id from portal.membership where identity_record_id = $1", father.record_id)
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.MEMBERSHIP, lives) is is_open


FATHERS = {
    "he is 18 today": ({"born": date(2008, 3, 11)}, True),
    "he is 18 tomorrow": ({"born": date(2008, 3, 12)}, False),
    "he moved out yesterday": ({"last": -1}, False),
    "he moves out today": ({"last": 0}, True),
    "he lives in both": ({"also": True}, False),
}


@pytest.mark.parametrize(("how", "is_walled"), FATHERS.values(), ids=FATHERS)
async def test_w8_stands_before_adults_who_live_only_there(stage: Portal, how: dict[str, Any], is_walled: bool) -> None:
    scene, _ = await two_homes(stage)
    brother = await scene.world.person(scene.maker, "Al", "Reed", how.get("born", date(1980, 1, 1)))
    await scene.world.lives(scene.maker, brother, scene.other_home, -100, how.get("last"))
    if how.get("also"):
        await scene.world.lives(scene.maker, brother, scene.home)
    own = await scene.world.known_to(scene.viewer.agency_id, brother.person_id)
    await scene.world.assigned(scene.viewer, own)
    record = await scene.world.report(scene.colleague, ([Human(brother.person_id, own)], STANDARD))
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, record) is not is_walled


async def test_w8_a_lead_of_one_household_sees_light_touch_reports_about_the_family(stage: Portal) -> None:
    scene, _ = await two_homes(stage)
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.LIGHT_TOUCH_REPORT, await light_touch()(scene))


# Withdrawn records, and who never sees what


async def test_a_withdrawn_record_exists_only_for_the_agency_that_made_it(stage: Portal) -> None:
    scene = await leading(stage)
    for kind, table, ways in ((K.SUPPORT_REPORT, "support_report", report(STANDARD)), (K.NEED, "need", about("need"))):
        record = await ways(scene)
        assert await sees(scene, R.FAMILY_PRACTITIONER, kind, record)
        await scene.world.change(table, record, withdrawn_at=NOW, withdrawn_reason="a wrong child")
        assert not await sees(scene, R.FAMILY_PRACTITIONER, kind, record)
    await ASSIGNED.arrange(scene, "from today")
    own = await report(STANDARD, by="colleague")(scene)
    await scene.world.change("support_report", own, withdrawn_at=NOW, withdrawn_reason="a wrong child")
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.SUPPORT_REPORT, own)


@pytest.mark.parametrize("kind", [K.INVOLVEMENT, K.NEED])
@pytest.mark.parametrize("by", ["maker", "viewer"])
async def test_school_staff_never_see_involvement_or_need(stage: Portal, kind: K, by: str) -> None:
    scene = await leading(stage, A.SCHOOL)
    record = await about(kind.lower(), by=by)(scene)
    assert await sees(scene, R.INCLUSION_LEAD, kind, record)
    assert not await sees(scene, R.SCHOOL_STAFF, kind, record)


@pytest.mark.parametrize("role", [R.SCHOOL_STAFF, R.VOLUNTARY_WORKER])
async def test_nobody_who_must_not_sees_legal_status(stage: Portal, role: R) -> None:
    scene = await open_scene(stage, A.HEALTH)
    await TEAM.arrange(scene, "from today")
    record = await about("legal_status")(scene)
    assert await sees(scene, R.HEALTH_PRACTITIONER, K.LEGAL_STATUS, record, P.PROTECTION)
    assert not await sees(scene, role, K.LEGAL_STATUS, record, P.PROTECTION)


@pytest.mark.parametrize("role", [R.SCHOOL_STAFF, R.VOLUNTARY_WORKER])
async def test_school_staff_and_volunteers_never_see_others_reports_even_where_they_lead(stage: Portal, role: R) -> None:
    scene = await leading(stage)
    record = await report(SENSITIVE)(scene)
    assert await sees(scene, R.SOCIAL_WORKER, K.SUPPORT_REPORT, record)
    assert not await sees(scene, role, K.SUPPORT_REPORT, record)


async def test_an_inclusion_lead_never_sees_sensitive_reports_by_other_agencies_even_where_they_lead(stage: Portal) -> None:
    scene = await leading(stage)
    assert not await sees(scene, R.INCLUSION_LEAD, K.SUPPORT_REPORT, await report(SENSITIVE)(scene))
    own = await report(SENSITIVE, by="colleague")(scene)
    assert await sees(scene, R.INCLUSION_LEAD, K.SUPPORT_REPORT, own)


async def test_a_police_officer_never_sees_sensitive_health_records(stage: Portal) -> None:
    scene = await leading(stage, A.POLICE, maker_kind=A.HEALTH)
    assert not await sees(scene, R.POLICE_OFFICER, K.SUPPORT_REPORT, await report(SENSITIVE)(scene))
    assert not await sees(scene, R.POLICE_OFFICER, K.INVOLVEMENT, await about("involvement", SENSITIVE)(scene))
    assert await sees(scene, R.POLICE_OFFICER, K.SUPPORT_REPORT, await report(STANDARD)(scene))


async def test_a_light_touch_report_opens_nobody(stage: Portal) -> None:
    """It names nobody: whoever wrote one, or leads where one was given, may see no person on that account."""
    scene = await open_scene(stage, A.VOLUNTARY)
    await light_touch("viewer")(scene)
    await LEAD.arrange(scene, "from today")
    await light_touch()(scene)
    await scene.settle()
    for role in (R.VOLUNTARY_WORKER, R.SCHOOL_STAFF, R.FAMILY_PRACTITIONER):
        assert await stage.person(scene.as_(role), P.SUPPORT, scene.stranger.person_id) is None


async def test_an_enrolment_that_ended_leaves_only_what_the_school_made(stage: Portal) -> None:
    scene = await open_scene(stage, A.SCHOOL)
    await ON_ROLL.arrange(scene, "until yesterday")
    given = covered(K.SUPPORT_REPORT, at_school=True)
    await given.arrange(scene, "to the school where the child is on roll")
    await given.arrange(scene, "from today")
    await CASE.arrange(scene, "until yesterday")
    await ASSIGNED.arrange(scene, "from today")
    assert not await sees(scene, R.SAFEGUARDING_LEAD, K.SUPPORT_REPORT, await report(STANDARD)(scene))
    assert await sees(scene, R.SAFEGUARDING_LEAD, K.SUPPORT_REPORT, await report(STANDARD, by="colleague")(scene))

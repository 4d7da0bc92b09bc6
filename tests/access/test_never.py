"""Withdrawn records, and what some roles never see, whatever a sentence allows."""

import pytest

from tests.access.given import ASSIGNED, CASE, LEAD, ON_ROLL, TEAM, covered
from tests.access.portal import Portal
from tests.access.scene import open_scene
from tests.access.sentences_to_see import about, light_touch, report
from tests.access.walled import leading, sees
from tests.world import NOW, SENSITIVE, STANDARD
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.purpose import Purpose as P
from throughline.terms.record_kind import RecordKind as K
from throughline.terms.role import Role as R

pytestmark = pytest.mark.anyio


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

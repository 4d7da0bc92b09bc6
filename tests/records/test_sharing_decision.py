"""Why information may be shared: nothing without its bases, nothing before a second agency's yes, nothing
after withdrawal."""

from uuid import UUID

import pytest

from tests.records.case import Case, person
from tests.records.portal import Given, Portal
from throughline.access.conditions import covered
from throughline.access.opening import Because
from throughline.access.policy import RULES
from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind
from throughline.terms.sharing import SHAREABLE

SUPPORT, PROTECTION = Purpose.SUPPORT, Purpose.PROTECTION
SHOWS = (
    "sharingDecision { id version kinds sensitiveKinds receivers isRefusal isConfirmed withdrawnOn "
    "withdrawnReason "
    "about { givenName } }"
)


def with_the_school(case: Case, **more: object) -> Given:
    return {
        "about": [person(case.adam)], "agreedBy": person(case.sara), "purpose": "SUPPORT", "kinds": ["SUPPORT_REPORT", "NEED"],
        "receivers": [{"position": "SCHOOL_ON_ROLL"}, {"kindOfAgency": "HEALTH"}, {"agencyId": str(case.school)}],
        "lawfulBasis": "PUBLIC_TASK", "decidedBy": "Sara Khan", "fromOn": "2026-03-11", "reviewOn": "2026-09-11",
        "untilOn": "2027-03-11", **more,
    }  # fmt: skip


async def allocate(portal: Portal, case: Case) -> None:
    """The front door's social worker holds the case: a second agency that may say yes."""
    await portal.world.position(
        case.lead,
        case.social_worker,
        case.home,
        [case.adam],
        "ALLOCATED_SOCIAL_WORKER",
        confirmed_by=case.front_door,
    )
    await portal.world.settle()


@pytest.mark.anyio
async def test_the_lead_records_it_and_it_opens_nothing(portal: Portal, case: Case) -> None:
    made = await portal.does(case.lead, SUPPORT, "sharingDecisionRecord", with_the_school(case), SHOWS)
    assert (made["kinds"], made["sensitiveKinds"], made["isConfirmed"]) == (
        ["SUPPORT_REPORT", "NEED"],
        [],
        False,
    )
    assert sorted(made["receivers"]) == ["HEALTH", "Hill Primary", "SCHOOL_ON_ROLL"]
    row = await portal.row("sharing_decision", made["id"])
    assert row["kinds"] == RecordKind.SUPPORT_REPORT.bit | RecordKind.NEED.bit
    assert await portal.opened(Because.COVERED, made["id"]) == set()


@pytest.mark.anyio
async def test_a_second_agency_confirms_and_it_opens(portal: Portal, case: Case) -> None:
    await allocate(portal, case)
    made = await portal.does(case.lead, SUPPORT, "sharingDecisionRecord", with_the_school(case), SHOWS)
    given = {"id": made["id"], "version": 1}
    done = await portal.does(case.social_worker, PROTECTION, "sharingDecisionConfirm", given, SHOWS, told="CONFIRM")
    assert (done["isConfirmed"], done["version"]) == (True, 2)
    assert (case.adam.record_id, case.school) in await portal.opened(Because.COVERED, made["id"])
    await portal.refuses(case.social_worker, PROTECTION, "sharingDecisionConfirm", given, "CONFLICT", "version")


@pytest.mark.anyio
async def test_nobody_confirms_their_own_agencys_decision(portal: Portal, case: Case) -> None:
    made = await portal.does(case.lead, SUPPORT, "sharingDecisionRecord", with_the_school(case), SHOWS)
    given = {"id": made["id"], "version": 1}
    await portal.refuses(case.lead, SUPPORT, "sharingDecisionConfirm", given, "FORBIDDEN")
    await portal.refuses(case.social_worker, PROTECTION, "sharingDecisionConfirm", given, "NOT_FOUND", "id")


@pytest.mark.anyio
async def test_withdrawal_closes_at_once_and_stays_with_its_reason(portal: Portal, case: Case) -> None:
    await allocate(portal, case)
    made = await portal.does(case.lead, SUPPORT, "sharingDecisionRecord", with_the_school(case), SHOWS)
    await portal.does(
        case.social_worker,
        PROTECTION,
        "sharingDecisionConfirm",
        {"id": made["id"], "version": 1},
        SHOWS,
        told="CONFIRM",
    )
    given = {"id": made["id"], "version": 2, "reason": "she no longer agrees"}
    await portal.refuses(case.social_worker, PROTECTION, "sharingDecisionWithdraw", given, "FORBIDDEN")
    stale = {**given, "version": 1}
    await portal.refuses(case.lead, SUPPORT, "sharingDecisionWithdraw", stale, "CONFLICT", "version")
    done = await portal.does(case.lead, SUPPORT, "sharingDecisionWithdraw", given, SHOWS)
    assert (done["withdrawnOn"], done["withdrawnReason"]) == ("2026-03-11", None)
    note = "select note from portal.sharing_reason where decision_id = $1"
    assert await portal.world.connection.fetchval(note, UUID(made["id"])) == "she no longer agrees"
    assert await portal.opened(Because.COVERED, made["id"]) == set()
    assert await portal.world.connection.fetchval("select count(*) from portal.record_history where version = 2") == 1


@pytest.mark.anyio
async def test_sensitive_records_need_their_bases(portal: Portal, case: Case) -> None:
    given = with_the_school(case, sensitiveKinds=["SUPPORT_REPORT"])
    await portal.refuses(case.lead, SUPPORT, "sharingDecisionRecord", given, "BAD_USER_INPUT", "specialCategory")
    given["specialCategory"] = "HEALTH_OR_SOCIAL_CARE"
    await portal.refuses(case.lead, SUPPORT, "sharingDecisionRecord", given, "BAD_USER_INPUT", "confidenceMet")
    given["confidenceMet"] = "AGREEMENT"
    await portal.refuses(case.lead, SUPPORT, "sharingDecisionRecord", given, "BAD_USER_INPUT", "crimeCondition")
    without_crime = {**given, "sensitiveKinds": ["NEED"]}
    assert (await portal.does(case.lead, SUPPORT, "sharingDecisionRecord", without_crime, SHOWS))["sensitiveKinds"] == ["NEED"]
    given["crimeCondition"] = "SAFEGUARDING"
    made = await portal.does(case.lead, SUPPORT, "sharingDecisionRecord", given, SHOWS)
    assert made["sensitiveKinds"] == ["SUPPORT_REPORT"]


@pytest.mark.anyio
async def test_a_refusal_is_recorded_and_nobody_confirms_it(portal: Portal, case: Case) -> None:
    await allocate(portal, case)
    given = with_the_school(case, isRefusal=True, sensitiveKinds=["NEED"])
    made = await portal.does(case.lead, SUPPORT, "sharingDecisionRecord", given, SHOWS)
    assert made["isRefusal"] is True
    confirm = {"id": made["id"], "version": 1}
    await portal.refuses(case.social_worker, PROTECTION, "sharingDecisionConfirm", confirm, "NOT_FOUND", "id")


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kinds": []}, "kinds"),
        ({"kinds": ["ADDRESS"]}, "kinds"),
        ({"purpose": "OVERSIGHT"}, "purpose"),
        ({"receivers": []}, "receivers"),
        ({"receivers": [{}]}, "receivers.0"),
        ({"receivers": [{"position": "SCHOOL_ON_ROLL", "kindOfAgency": "POLICE"}]}, "receivers.0"),
        ({"untilOn": "2027-03-20"}, "untilOn"),
        ({"reviewOn": "2027-03-20"}, "reviewOn"),
        ({"fromOn": "2026-01-01"}, "fromOn"),
        ({"decidedBy": " "}, "decidedBy"),
    ],
)
async def test_what_cannot_be_saved(portal: Portal, case: Case, wrong: Given, field: str) -> None:
    given = with_the_school(case, **wrong)
    await portal.refuses(case.lead, SUPPORT, "sharingDecisionRecord", given, "BAD_USER_INPUT", *field.split("."))


@pytest.mark.anyio
async def test_everybody_agrees_for_themselves(portal: Portal, case: Case) -> None:
    given = with_the_school(
        case, about=[person(case.adam), person(case.sara)], agreedBy=person(case.adam), judgedAbleReason="He sees what follows."
    )
    await portal.refuses(case.lead, SUPPORT, "sharingDecisionRecord", given, "BAD_USER_INPUT", "agreedBy")


@pytest.mark.anyio
async def test_a_receiver_that_does_not_exist_is_not_found(portal: Portal, case: Case) -> None:
    given = with_the_school(case, receivers=[{"agencyId": str(case.lead.id)}])
    await portal.refuses(case.lead, SUPPORT, "sharingDecisionRecord", given, "NOT_FOUND", "receivers", "0", "agencyId")


@pytest.mark.anyio
async def test_who_does_not_lead_records_no_decision(portal: Portal, case: Case) -> None:
    await portal.world.position(case.lead, case.nurse, case.home, [case.adam], confirmed_by=case.front_door)
    await portal.world.settle()
    await portal.refuses(case.nurse, SUPPORT, "sharingDecisionRecord", with_the_school(case), "FORBIDDEN")


def test_every_kind_of_which_a_sentence_says_covered_can_be_shared() -> None:
    assert set(SHAREABLE) == {kind for rule in RULES if covered in rule.when.leaves() for kind in rule.what}

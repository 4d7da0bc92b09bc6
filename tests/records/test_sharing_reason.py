"""Sharing without agreement takes two, and nobody else can tell; what was agreed ends when it is withdrawn, refused or outgrown."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tests.records.case import Case, person
from tests.records.portal import Given, Portal
from tests.records.test_sharing_decision import PROTECTION, SHOWS, SUPPORT, allocate, with_the_school
from tests.world import Human
from throughline.access.opening import Because
from throughline.terms.purpose import Purpose

pytestmark = pytest.mark.anyio
WHY = "sharingReason { id version decisionId withoutAgreement explanation signedBy { id } decisionNeededBy note agreement }"
AGREEMENT = "serviceAgreement { id version agreedBy withdrawnOn isRefusal sensitivity }"
FIELDS = (
    "version sensitivity purpose kinds sensitiveKinds receivers isRefusal isConfirmed fromOn reviewOn untilOn withdrawnOn withdrawnReason "
    "withdrawnAt review { dueOn isDue reviewedOn outcome } madeBy { id } madeByPractitioner { id } about { id } seenBecause { number text }"
)
PAGE = (
    f"query($id: ID!) {{ person(id: $id) {{ sharingDecisions {{ {FIELDS} }} sharingReasons {{ id }} history {{ totalCount }} }} }}"
)


def without(case: Case, **more: object) -> Given:
    given = with_the_school(case, **{"withoutAgreement": "CRIME", "explanation": "PC Ali rang on Monday.", **more})
    del given["agreedBy"]
    return given


async def confirmed(portal: Portal, case: Case, decision: Any) -> None:
    given = {"id": decision, "version": 1}
    await portal.does(case.social_worker, PROTECTION, "sharingDecisionConfirm", given, SHOWS, told="CONFIRM")


async def days(portal: Portal, decision: Any, human: Human) -> set[tuple[date, date]]:
    """The runs of days on which the decision opens something about somebody."""
    rows = await portal.world.connection.fetch(
        "select from_on, until_on from portal.opening where because = $1 and source_id = $2 and subject_id = $3",
        Because.COVERED, UUID(str(decision)), human.record_id,
    )  # fmt: skip
    return {tuple(row) for row in rows}


async def test_two_decide_and_to_others_it_looks_like_any_other(portal: Portal, case: Case) -> None:
    await allocate(portal, case)
    await portal.world.position(case.lead, case.nurse, case.home, [case.adam], confirmed_by=case.front_door)
    await portal.world.settle()
    nobody = await portal.ask(case.nurse, SUPPORT, PAGE, id=str(case.adam.person_id))
    proposed = await portal.does(case.lead, SUPPORT, "sharingReasonPropose", without(case), WHY)
    assert proposed["decisionId"] is None
    assert await portal.ask(case.nurse, SUPPORT, PAGE, id=str(case.adam.person_id)) == nobody
    this = {"id": proposed["id"], "version": 1}
    await portal.refuses(case.lead, SUPPORT, "sharingReasonSign", this, "FORBIDDEN")
    await portal.refuses(case.nurses_manager, SUPPORT, "sharingReasonSign", this, "NOT_FOUND", "id")
    signed = await portal.does(case.manager, SUPPORT, "sharingReasonSign", this, WHY, told="CONFIRM")
    assert signed["signedBy"]["id"] == str(case.manager.id)
    assert await days(portal, signed["decisionId"], case.adam) == set()
    await portal.refuses(case.manager, SUPPORT, "sharingReasonSign", {**this, "version": 2}, "FORBIDDEN")
    await confirmed(portal, case, signed["decisionId"])
    assert await days(portal, signed["decisionId"], case.adam) == {(date(2026, 3, 11), date(2027, 3, 11))}
    agreed = await portal.does(case.lead, SUPPORT, "sharingDecisionRecord", with_the_school(case), SHOWS)
    await confirmed(portal, case, agreed["id"])
    for who, purpose in ((case.nurse, SUPPORT), (case.social_worker, PROTECTION)):
        seen = (await portal.ask(who, purpose, PAGE, id=str(case.adam.person_id)))["person"]
        one, other = seen["sharingDecisions"]
        assert (one, seen["sharingReasons"]) == (other, [])
    lead = (await portal.ask(case.lead, SUPPORT, PAGE, id=str(case.adam.person_id)))["person"]
    assert len(lead["sharingReasons"]) == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"explanation": " "}, "explanation"),
        ({"confidenceMet": "AGREEMENT"}, "confidenceMet"),
        ({"specialCategory": "EXPLICIT_CONSENT"}, "specialCategory"),
        ({"crimeCondition": "CONSENT"}, "crimeCondition"),
        ({"withoutAgreement": "LIFE_AT_RISK"}, "lawfulBasis"),
        ({"withoutAgreement": "LIFE_AT_RISK", "lawfulBasis": "VITAL_INTERESTS"}, "untilOn"),
    ],
)
async def test_what_nobody_may_propose(portal: Portal, case: Case, wrong: Given, field: str) -> None:
    await portal.refuses(case.lead, SUPPORT, "sharingReasonPropose", without(case, **wrong), "BAD_USER_INPUT", field)


async def test_where_a_life_is_at_risk_one_decides_for_seven_days(portal: Portal, case: Case) -> None:
    await allocate(portal, case)
    short = {
        "reviewOn": "2026-03-17",
        "untilOn": "2026-03-17",
        "lawfulBasis": "VITAL_INTERESTS",
        "withoutAgreement": "LIFE_AT_RISK",
    }
    made = await portal.does(case.lead, SUPPORT, "sharingReasonPropose", without(case, **short), WHY)
    assert await days(portal, made["decisionId"], case.adam) == set()
    await confirmed(portal, case, made["decisionId"])
    assert await days(portal, made["decisionId"], case.adam) == {(date(2026, 3, 11), date(2026, 3, 17))}


async def test_a_withdrawn_agreement_ends_what_rests_on_it_and_asks_about_the_rest(portal: Portal, case: Case) -> None:
    await allocate(portal, case)
    helped = {"about": person(case.adam), "agreedBy": person(case.sara), "service": "Talking", "fromOn": "2026-03-01"}
    agreed = await portal.does(case.lead, SUPPORT, "serviceAgreementRecord", helped, AGREEMENT)
    started = {"about": person(case.adam), "howToReach": "Ring", "fromOn": "2026-03-01"}
    works = await portal.does(case.lead, SUPPORT, "involvementStart", started, "involvement { id }")
    resting = with_the_school(case, serviceAgreementId=agreed["id"])
    rests = await portal.does(case.lead, SUPPORT, "sharingDecisionRecord", resting, SHOWS)
    other = await portal.does(case.lead, SUPPORT, "sharingDecisionRecord", with_the_school(case), SHOWS)
    for one in (rests, other):
        await confirmed(portal, case, one["id"])
        assert await days(portal, one["id"], case.adam) == {(date(2026, 3, 11), date(2027, 3, 11))}
    gone = {"id": agreed["id"], "version": 1, "reason": "She has had enough."}
    await portal.refuses(case.nurse, SUPPORT, "serviceAgreementWithdraw", gone, "NOT_FOUND", "id")
    done = await portal.does(case.lead, SUPPORT, "serviceAgreementWithdraw", gone, AGREEMENT)
    assert done["withdrawnOn"] == "2026-03-11"
    assert await days(portal, rests["id"], case.adam) == set()
    assert await days(portal, other["id"], case.adam) == {(date(2026, 3, 11), date(2026, 3, 20))}
    assert (await portal.row("involvement", works["id"]))["until_on"] == date(2026, 3, 11)
    told = await portal.world.connection.fetch(
        "select record_id, told_agency_id from portal.outbox where verb = 'AGREEMENT_WITHDRAWN'"
    )
    assert [tuple(row) for row in told] == [(case.leading, case.hub)]
    why = "query($id: ID!) { person(id: $id) { sharingReasons { decisionId decisionNeededBy } } }"
    waits = (await portal.ask(case.lead, SUPPORT, why, id=str(case.adam.person_id)))["person"]["sharingReasons"]
    assert {(one["decisionId"], one["decisionNeededBy"]) for one in waits} == {(rests["id"], None), (other["id"], "2026-03-20")}
    goes_on = {"id": other["id"], "version": 2, "outcome": "GOES_ON", "reason": "School helps.", "nextReviewOn": "2026-06-01"}
    await portal.does(case.lead, SUPPORT, "sharingDecisionReview", goes_on, SHOWS)
    assert await days(portal, other["id"], case.adam) == {(date(2026, 3, 11), date(2027, 3, 11))}


async def test_what_a_parent_agreed_to_lapses_at_eighteen_and_a_young_persons_refusal_ends_it(portal: Portal, case: Case) -> None:
    noor = await portal.world.person(case.lead, "Noor", "Khan", date(2008, 8, 1))
    for holder, position in ((case.lead, "LEAD"), (case.social_worker, "ALLOCATED_SOCIAL_WORKER")):
        await portal.world.position(case.lead, holder, case.home, [noor], position, confirmed_by=case.front_door)
    await portal.world.settle()
    given = with_the_school(case, about=[person(noor)])
    made = await portal.does(case.lead, SUPPORT, "sharingDecisionRecord", given, SHOWS)
    await confirmed(portal, case, made["id"])
    assert await days(portal, made["id"], noor) == {(date(2026, 3, 11), date(2026, 7, 31))}
    theirs = {**given, "agreedBy": person(noor)}
    await portal.refuses(case.lead, SUPPORT, "sharingDecisionRecord", theirs, "BAD_USER_INPUT", "judgedAbleReason")
    no = {
        **theirs,
        "isRefusal": True,
        "judgedAbleReason": "She has thought about it.",
        "untilOn": "2026-04-30",
        "reviewOn": "2026-04-30",
    }
    police = {**no, "receivers": [{"kindOfAgency": "POLICE"}]}
    await portal.does(case.lead, SUPPORT, "sharingDecisionRecord", police, SHOWS)  # to whom nothing was shared
    assert await days(portal, made["id"], noor) == {(date(2026, 3, 11), date(2026, 7, 31))}
    await portal.does(case.lead, SUPPORT, "sharingDecisionRecord", no, SHOWS)
    assert await days(portal, made["id"], noor) == {(date(2026, 5, 1), date(2026, 7, 31))}


async def test_a_review_falls_due_and_is_listed_for_the_lead(portal: Portal, case: Case) -> None:
    due = "{ sharingDecisionsDue { totalCount edges { node { id review { dueOn isDue outcome } } } } }"
    given = with_the_school(case, reviewOn="2026-03-11")
    made = await portal.does(case.lead, SUPPORT, "sharingDecisionRecord", given, SHOWS)
    later = await portal.does(case.lead, SUPPORT, "sharingDecisionRecord", with_the_school(case), SHOWS)
    (one,) = (await portal.ask(case.lead, SUPPORT, due))["sharingDecisionsDue"]["edges"]
    assert one["node"] == {"id": made["id"], "review": {"dueOn": "2026-03-11", "isDue": True, "outcome": None}}
    assert (await portal.ask(case.nurse, Purpose.SUPPORT, due))["sharingDecisionsDue"]["totalCount"] == 0
    ends = {"id": made["id"], "version": 1, "outcome": "ENDED", "reason": "The purpose is met."}
    await portal.refuses(
        case.lead, SUPPORT, "sharingDecisionReview", {**ends, "outcome": "GOES_ON"}, "BAD_USER_INPUT", "nextReviewOn"
    )
    ended = await portal.does(case.lead, SUPPORT, "sharingDecisionReview", ends, SHOWS)
    assert (ended["withdrawnOn"], later["withdrawnOn"]) == ("2026-03-11", None)
    assert (await portal.ask(case.lead, SUPPORT, due))["sharingDecisionsDue"]["totalCount"] == 0

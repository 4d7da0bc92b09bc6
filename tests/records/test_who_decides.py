"""Parental responsibility, court orders, who must not be told and safe contact, as acts."""

from uuid import UUID

import pytest

from tests.records.case import Case, identity, person
from tests.records.portal import Given, Portal
from tests.records.test_legal_status import allocate
from tests.records.test_sharing_decision import with_the_school
from throughline.terms.purpose import Purpose

pytestmark = pytest.mark.anyio
SUPPORT, PROTECTION = Purpose.SUPPORT, Purpose.PROTECTION
HELD = "parentalResponsibility { id version knownBy fromOn untilOn holder { givenName } child { givenName } }"
ORDER = "courtOrder { id version kind whatItSays sensitivity untilOn keepsAway { id } cautions { safeContact } }"
RECORD = "record { id version cautions { mustNotBeTold safeContact } }"
TOLD = {"mustNotBeTold": "Not the uncle.", "safeContact": "Text only."}


def held(case: Case, **more: object) -> Given:
    both = {"holder": person(case.sara), "child": person(case.adam)}
    return {"householdId": str(case.home.household_id), **both, "knownBy": "TOLD", **more}


def order(case: Case, **more: object) -> Given:
    return {"about": person(case.adam), "kind": "PROHIBITED_STEPS", "fromOn": "2026-03-01", **more}


async def test_parental_responsibility_is_recorded_amended_and_ended(portal: Portal, case: Case) -> None:
    made = await portal.does(case.lead, SUPPORT, "parentalResponsibilityRecord", held(case), HELD)
    assert (made["holder"], made["child"], made["knownBy"]) == ({"givenName": "Sara"}, {"givenName": "Adam"}, "TOLD")
    await portal.refuses(case.lead, SUPPORT, "parentalResponsibilityRecord", held(case), "BAD_USER_INPUT", "holder")
    same = held(case, child=person(case.sara))
    await portal.refuses(case.lead, SUPPORT, "parentalResponsibilityRecord", same, "BAD_USER_INPUT", "child")
    await portal.refuses(case.colleague, SUPPORT, "parentalResponsibilityRecord", held(case), "NOT_FOUND", "holder", "personId")
    this = {"id": made["id"], "version": 1, "knownBy": "BIRTH_CERTIFICATE", "fromOn": "2015-05-06"}
    amended = await portal.does(case.lead, SUPPORT, "parentalResponsibilityAmend", this, HELD)
    assert (amended["version"], amended["fromOn"]) == (2, "2015-05-06")
    await portal.refuses(case.lead, SUPPORT, "parentalResponsibilityAmend", this, "CONFLICT", "version")
    last = {"id": made["id"], "version": 2, "untilOn": "2026-03-11"}
    assert (await portal.does(case.lead, SUPPORT, "parentalResponsibilityEnd", last, HELD))["untilOn"] == "2026-03-11"
    kept = await portal.world.connection.fetch("select version from portal.record_history where kind = 'parental_responsibility'")
    assert sorted(row["version"] for row in kept) == [1, 2]


async def test_a_court_order_is_sensitive_and_the_allocated_social_workers(portal: Portal, case: Case) -> None:
    await allocate(portal, case)
    given = order(case, keepsAway=identity("U1", "Rob"), caution={"safeContact": "Ring the school."})
    made = await portal.does(case.social_worker, PROTECTION, "courtOrderRecord", given, ORDER)
    assert (made["sensitivity"], made["keepsAway"], made["cautions"]) == ("SENSITIVE", None, [{"safeContact": "Ring the school."}])
    again = {**given, "idempotencyKey": "one"}
    first = await portal.send(case.social_worker, PROTECTION, "courtOrderRecord", again, ORDER)
    assert await portal.send(case.social_worker, PROTECTION, "courtOrderRecord", again, ORDER) == first
    wordless = order(case, kind="OTHER")
    await portal.refuses(case.social_worker, PROTECTION, "courtOrderRecord", wordless, "BAD_USER_INPUT", "whatItSays")
    await portal.refuses(case.lead, PROTECTION, "courtOrderRecord", order(case), "FORBIDDEN")
    this = {"id": made["id"], "version": 1, "whatItSays": "He may not collect Adam."}
    assert (await portal.does(case.social_worker, PROTECTION, "courtOrderAmend", this, ORDER))["version"] == 2
    last = {"id": made["id"], "version": 2, "untilOn": "2026-03-11"}
    assert (await portal.does(case.social_worker, PROTECTION, "courtOrderEnd", last, ORDER))["untilOn"] == "2026-03-11"


async def test_a_caution_is_said_anew_and_what_stood_there_is_kept(portal: Portal, case: Case) -> None:
    given = held(case, caution={**TOLD, "whom": identity("U1", "Rob")})
    made = await portal.does(case.lead, SUPPORT, "parentalResponsibilityRecord", given, HELD)
    whom = (await portal.row("parental_responsibility", made["id"]))["must_not_be_told_id"]
    assert whom is not None
    this = {"id": made["id"], "version": 1, "new": {"mustNotBeTold": "Nobody at all."}}
    shown = await portal.does(case.lead, SUPPORT, "cautionAmend", this, RECORD)
    assert shown["cautions"] == [{"mustNotBeTold": "Nobody at all.", "safeContact": None}]
    assert (await portal.row("parental_responsibility", made["id"]))["must_not_be_told_id"] == whom
    await portal.refuses(case.lead, SUPPORT, "cautionAmend", this, "CONFLICT", "version")
    unsaid = {"id": made["id"], "version": 2, "new": {}}
    assert (await portal.does(case.lead, SUPPORT, "cautionAmend", unsaid, RECORD))["cautions"] == []
    await portal.refuses(case.colleague, SUPPORT, "cautionAmend", {**unsaid, "version": 3}, "NOT_FOUND", "id")
    kept = await portal.world.connection.fetch(
        "select body ->> 'must_not_be_told' said from portal.record_history order by version"
    )
    assert [row["said"] for row in kept] == ["Not the uncle.", "Nobody at all."]


async def test_what_is_said_of_a_decision_stands_on_its_reason_too(portal: Portal, case: Case) -> None:
    made = await portal.does(case.lead, SUPPORT, "sharingDecisionRecord", with_the_school(case), "sharingDecision { id }")
    this = {"id": made["id"], "version": 1, "new": TOLD}
    assert (await portal.does(case.lead, SUPPORT, "cautionAmend", this, RECORD))["cautions"] == [TOLD]
    said = await portal.world.connection.fetchrow(
        "select must_not_be_told, safe_contact from portal.sharing_reason where decision_id = $1", UUID(this["id"])
    )
    assert tuple(said) == (TOLD["mustNotBeTold"], TOLD["safeContact"])


@pytest.mark.parametrize(
    ("caution", "field"),
    [({}, ()), ({"mustNotBeTold": "x" * 501}, ("mustNotBeTold",)), ({"safeContact": " "}, ("safeContact",)),
     ({"safeContact": "x", "whom": {"identity": {"ownId": "U1"}}}, ("mustNotBeTold",))],
)  # fmt: skip
async def test_a_caution_says_something_and_not_too_much(
    portal: Portal, case: Case, caution: Given, field: tuple[str, ...]
) -> None:
    given = held(case, caution=caution)
    await portal.refuses(case.lead, SUPPORT, "parentalResponsibilityRecord", given, "BAD_USER_INPUT", "caution", *field)


async def test_a_caution_on_a_part_of_a_report_is_amended_with_it(portal: Portal, case: Case) -> None:
    shows = "supportReport { id version cautions { mustNotBeTold } parts { id caution { safeContact } } }"
    part = {"about": [person(case.adam)], "whatWasDone": "Talked.", "caution": {**TOLD, "whom": identity("U1", "Rob")}}
    given = {"kindOfSupport": "TALK", "givenOn": "2026-03-10", "delivery": "VISIT", "parts": [part]}
    made = await portal.does(case.lead, SUPPORT, "supportReportSubmit", given, shows)
    assert (made["cautions"], made["parts"][0]["caution"]) == ([{"mustNotBeTold": "Not the uncle."}], {"safeContact": "Text only."})
    meant = "select must_not_be_told_id from portal.support_report_part_person"
    assert await portal.world.connection.fetchval(meant) is not None
    change = {"id": made["id"], "version": 1, "parts": [{"id": made["parts"][0]["id"], "caution": {"safeContact": "Ring."}}]}
    amended = await portal.does(case.lead, SUPPORT, "supportReportAmend", change, shows)
    assert (amended["cautions"], amended["parts"][0]["caution"]) == ([{"mustNotBeTold": None}], {"safeContact": "Ring."})
    assert await portal.world.connection.fetchval(meant) is None


async def test_parental_responsibility_is_no_relationship_any_more(portal: Portal, case: Case) -> None:
    given = {"householdId": str(case.home.household_id), "person": person(case.sara), "other": person(case.adam)}
    kind = {"kind": "PARENTAL_RESPONSIBILITY_FOR"}
    await portal.refuses(case.lead, SUPPORT, "relationshipRecord", {**given, **kind}, "BAD_USER_INPUT", "kind")

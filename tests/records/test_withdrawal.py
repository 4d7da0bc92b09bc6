"""A record that was wrong from the start is taken back: it stays, for its own agency alone."""

import pytest

from tests.records.case import Case
from tests.records.portal import Portal
from tests.world import STANDARD
from throughline.access.opening import Because
from throughline.terms.purpose import Purpose

pytestmark = pytest.mark.anyio
SUPPORT = Purpose.SUPPORT
SHOWS = "record { __typename id version withdrawnReason }"


async def test_the_author_takes_an_involvement_back(portal: Portal, case: Case) -> None:
    record = await portal.world.about("involvement", case.lead, case.adam)
    given = {"id": str(record), "version": 1, "reason": "the wrong Adam"}
    await portal.refuses(case.lead, SUPPORT, "recordWithdraw", {**given, "version": 2}, "CONFLICT", "version")
    await portal.refuses(case.lead, SUPPORT, "recordWithdraw", {**given, "reason": " "}, "BAD_USER_INPUT", "reason")
    done = await portal.does(case.lead, SUPPORT, "recordWithdraw", given, SHOWS)
    assert done == {
        "__typename": "Involvement",
        "id": str(record),
        "version": 2,
        "withdrawnReason": "the wrong Adam",
    }
    await portal.refuses(case.lead, SUPPORT, "recordWithdraw", {**given, "version": 2}, "NOT_FOUND", "id")


async def test_a_withdrawn_position_opens_nothing_any_more(portal: Portal, case: Case) -> None:
    given = {"id": str(case.leading), "version": 1, "reason": "the wrong family"}
    await portal.does(case.lead, SUPPORT, "recordWithdraw", given, SHOWS, told=None)
    assert await portal.opened(Because.LEAD, case.leading) == set()


async def test_a_withdrawn_membership_is_gone_from_the_household(portal: Portal, case: Case) -> None:
    member = await portal.world.person(case.lead, "Noor")
    record = await portal.world.lives(case.lead, member, case.home)
    await portal.world.settle()
    given = {"id": str(record), "version": 1, "reason": "the wrong child"}
    done = await portal.does(case.lead, SUPPORT, "recordWithdraw", given, SHOWS)
    assert done["__typename"] == "FamilyMember"


async def test_another_agency_that_sees_it_may_not(portal: Portal, case: Case) -> None:
    record = await portal.world.about("involvement", case.nurse, case.adam)
    given = {"id": str(record), "version": 1, "reason": "the wrong Adam"}
    await portal.refuses(case.lead, SUPPORT, "recordWithdraw", given, "FORBIDDEN")
    await portal.refuses(case.teacher, SUPPORT, "recordWithdraw", given, "NOT_FOUND", "id")


async def test_a_report_is_withdrawn_by_its_own_mutation(portal: Portal, case: Case) -> None:
    report = await portal.world.report(case.lead, ([case.adam], STANDARD))
    given = {"id": str(report), "version": 1, "reason": "the wrong Adam"}
    await portal.refuses(case.lead, SUPPORT, "recordWithdraw", given, "NOT_FOUND", "id")

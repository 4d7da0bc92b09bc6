"""Whatever is refused leaves a row in the trail, also where it was refused before it became an act or a reading."""

import base64
from typing import Any
from uuid import uuid4

import pytest

from tests.records.case import Case
from tests.records.portal import Portal
from tests.world import Someone
from throughline.api.budget import SEARCHES_AT_ONCE
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.purpose import Purpose as P
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio

SEARCH = "query($input: PersonSearchInput!) { personSearch(input: $input) { totalCount } }"
CTF = "mutation($input: CtfImportInput!) { ctfImport(input: $input) { userErrors { code } refusal { code } } }"
MANY = "mutation($input: SupportReportSubmitManyInput!) { supportReportSubmitMany(input: $input) { userErrors { code } } }"
NEED = "mutation($input: NeedRecordInput!) { needRecord(input: $input) { userErrors { code } } }"


async def trail(portal: Portal, who: Someone) -> list[tuple[str, str]]:
    rows = await portal.world.connection.fetch("select verb, outcome from audit.entry where actor_id = $1 order by xid, id", who.id)
    return [(row["verb"], row["outcome"]) for row in rows]


async def code(portal: Portal, who: Someone, purpose: P, query: str, given: dict[str, Any]) -> str:
    """Of the only error or user error that the answer has."""
    answer = await portal.raw(who, purpose, query, input=given)
    if "errors" in answer:
        return str(answer["errors"][0]["extensions"]["code"])
    (payload,) = answer["data"].values()
    return str(payload["userErrors"][0]["code"])


async def test_refused_searches(portal: Portal, case: Case) -> None:
    volunteer = await portal.world.practitioner(await portal.world.agency(AgencyKind.VOLUNTARY), Role.VOLUNTARY_WORKER)
    for who, purpose, given, refused in (
        (case.triage, P.TRIAGE, {"name": "Khan"}, "BAD_USER_INPUT"),
        (case.lead, P.SUPPORT, {}, "BAD_USER_INPUT"),
        (volunteer, P.SUPPORT, {"name": "Khan"}, "FORBIDDEN"),
    ):
        assert await code(portal, who, purpose, SEARCH, given) == refused
        assert await trail(portal, who) == [("personSearch", refused)]


async def test_searches_beyond_the_budget(portal: Portal, case: Case) -> None:
    for _ in range(SEARCHES_AT_ONCE):
        await portal.ask(case.lead, P.SUPPORT, SEARCH, input={"name": "Nobody"})
    assert await code(portal, case.lead, P.SUPPORT, SEARCH, {"name": "Nobody"}) == "RATE_LIMITED"
    assert (await trail(portal, case.lead))[-1] == ("personSearch", "RATE_LIMITED")


@pytest.mark.parametrize("content", ["no base64", base64.b64encode(b"no file").decode()])
async def test_a_file_is_looked_at_only_for_those_who_may_bring_one(portal: Portal, case: Case, content: str) -> None:
    given = {"idempotencyKey": str(uuid4()), "content": content}
    for who, purpose, refused in (
        (case.teacher, P.SUPPORT, "FORBIDDEN"),
        (case.inclusion_lead, P.TRANSITION, "BAD_USER_INPUT"),
    ):
        assert await code(portal, who, purpose, CTF, given) == refused
        assert await trail(portal, who) == [("ctfImport", refused)]


async def test_input_that_never_becomes_an_act(portal: Portal, case: Case) -> None:
    need = {"about": {"personId": str(case.adam.person_id)}, "severity": "UNIVERSAL", "reason": "x\x00", "fromOn": "2026-03-01"}
    for who, query, given, refused in (
        (case.lead, NEED, {"idempotencyKey": "k", **need}, "BAD_USER_INPUT"),
        (case.lead, NEED, {"idempotencyKey": "", **need}, "BAD_USER_INPUT"),
        (case.lead, MANY, {"reports": []}, "BAD_USER_INPUT"),
    ):
        before = await trail(portal, who)
        assert await code(portal, who, P.SUPPORT, query, given) == refused
        after = await trail(portal, who)
        assert after[len(before) :] == [("needRecord" if query is NEED else "supportReportSubmitMany", refused)]

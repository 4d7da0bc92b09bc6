"""W3: to everybody but the custodian a protected person, and whatever is said about them, is as if there were nobody.

Reads are compared before and after a hidden brother is there, with both walls, with the first alone and with the second alone. Acts are
compared in two portals: one where the child whom they name is protected, by ids and numbers that agencies gave before, and one where
nobody ever named that child.
"""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.access import test_set_apart as apart
from tests.access.street import Street, make_street
from tests.access.surface import NODE, PERSON, WALLS_UP, Surface, walls_up
from tests.conftest import Database
from tests.world import SENSITIVE, STANDARD, Human, Someone, World, day
from throughline.access import openings
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.purpose import Purpose as P
from throughline.terms.role import Role as R

pytestmark = pytest.mark.anyio

databases = apart.databases
PERSON_TABLES = (
    "identity_record", "identity_number", "search_key", "opening", "support_report_part", "support_report_part_person", "involvement",
    "need", "legal_status", "enrolment", "attendance", "membership", "relationship", "team_position_person",
    "sharing_decision_person", "address", "contact", "assignment", "person",
)  # fmt: skip


@pytest.fixture(params=WALLS_UP)
async def walled(
    request: pytest.FixtureRequest, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Surface]:
    async with walls_up(request.param, "W3", database, tmp_path, monkeypatch) as opened:
        yield opened


async def brother(street: Street) -> tuple[Human, list[UUID]]:
    """Known to everybody before: their ids for him, his numbers, and whatever could be said about him. Answers the rows' ids."""
    world, worker, nurse = street.world, street.worker, street.nurse
    adam = await world.person(worker, "Adam", "Khan", date(2013, 4, 5), own_id="H")
    theirs = await world.known_to(nurse, adam.person_id, given="Adam", family="Khan", born=date(2013, 4, 5), own_id="L")
    there = Human(adam.person_id, theirs)
    made = [theirs, await world.number(adam.record_id, "NHS_NUMBER", "9434765919")]
    made.append(await world.assigned(nurse, theirs))
    made.append(await world.report(nurse, ([there], STANDARD), ([street.mother, there], STANDARD)))
    made.append(await world.report(worker, ([adam], SENSITIVE), household_id=street.home.household_id))
    for table in ("involvement", "need", "legal_status", "address", "attendance"):
        made.append(await world.about(table, worker, adam))
    made.append(await world.lives(worker, adam, street.home))
    made.append(await world.related(worker, street.mother, adam, street.home))
    made.append(await world.enrolled(worker, adam, street.lead.agency_id, confirmed_by=street.door))
    made.append(await world.contact(worker, adam, street.door))
    for holder, position in ((worker, "LEAD"), (street.lead, "MEMBER"), (street.keeper, "ALLOCATED_SOCIAL_WORKER")):
        made.append(await world.position(street.door, holder, street.home, [adam], position, confirmed_by=street.worker.agency_id))
    made.append(await world.decision(street.door, list(A), [adam], confirmed_by=street.worker.agency_id))
    return adam, made


async def observed(street: Street, surface: Surface, nodes: list[UUID]) -> list[list[bytes]]:
    people, names = [street.mother.person_id, street.child.person_id], ["Adam Khan", "Khan", "Mia"]
    families = [street.home.family_id]
    return [
        await surface.everything(who, purpose, people=people, families=families, nodes=nodes, names=names)
        for who, purpose in street.watching
    ]


async def test_a_protected_brother_cannot_be_observed(world: World, walled: Surface) -> None:
    street = await make_street(world)
    await world.settle()
    before = await observed(street, walled, [])
    adam, made = await brother(street)
    await world.settle()
    assert await observed(street, walled, []) != before, "they know him"
    await world.protected(street.keeper, adam)
    await world.settle()
    assert await observed(street, walled, []) == before
    for who, purpose in street.watching:
        absent = await walled.raw(who, purpose, NODE, id=str(street.home.household_id))
        hidden = [*made, adam.person_id, adam.record_id]
        assert {await walled.raw(who, purpose, NODE, id=str(row)) for row in hidden} == {absent}, (who.role, purpose)


async def test_the_custodian_sees_him_and_whoever_knew_him_does_again_once_it_is_lifted(world: World, surface: Surface) -> None:
    street = await make_street(world)
    adam, _ = await brother(street)
    await world.settle()
    lifting = (
        "mutation($input: ProtectionLiftInput!) { protectionLift(input: $input) { userErrors { code } protection { untilOn } } }"
    )
    placing = (
        "mutation($input: ProtectionPlaceInput!) { protectionPlace(input: $input) "
        "{ userErrors { code message } protection { id what about { id givenName } seenBecause { number } } } }"
    )

    async def shown(who: Someone, purpose: P) -> Any:
        return (await surface.data(who, purpose, PERSON, id=str(adam.person_id)))["person"]

    assert await shown(street.worker, P.SUPPORT)
    given = {"idempotencyKey": "1", "about": {"personId": str(adam.person_id)}, "what": "IDENTITY", "reason": "A threat."}
    for _ in range(2):
        done = (await surface.data(street.keeper, P.PROTECTION, placing, input=given))["protectionPlace"]
        assert done["userErrors"] == []
    assert done["protection"]["about"] == [{"id": str(adam.person_id), "givenName": "Adam"}]
    assert not await shown(street.worker, P.SUPPORT)
    seen = await shown(street.keeper, P.PROTECTION)
    assert len(seen["supportReports"]["edges"]) > 0
    mine = {"idempotencyKey": "2", "id": done["protection"]["id"], "version": 1, "reason": "The threat is over."}
    refused = (await surface.data(street.worker, P.SUPPORT, lifting, input=mine))["protectionLift"]
    assert [error["code"] for error in refused["userErrors"]] == ["FORBIDDEN"]
    lifted = (await surface.data(street.keeper, P.PROTECTION, lifting, input=mine))["protectionLift"]
    assert lifted == {"userErrors": [], "protection": {"untilOn": str(day(-1))}}
    assert await shown(street.worker, P.SUPPORT)
    assert await world.connection.fetchval("select count(*) from portal.record_history") == 1, "the mark alone has another version"


async def test_what_says_that_he_is_protected_is_in_the_trail_and_changes_nothing_elsewhere(world: World, surface: Surface) -> None:
    street = await make_street(world)
    stranger = await world.practitioner(await world.agency(A.LOCAL_AUTHORITY), R.SOCIAL_WORKER)
    await world.settle()
    placing = "mutation($input: ProtectionPlaceInput!) { protectionPlace(input: $input) { userErrors { code field } recordedId } }"
    given = {"about": {"personId": str(street.child.person_id)}, "what": "IDENTITY", "reason": "A threat."}
    codes = {}
    for who, purpose, more in (
        (stranger, P.PROTECTION, {}),
        (street.worker, P.SUPPORT, {}),
        (street.social, P.PROTECTION, {"readerIds": [str(street.nurse.id)]}),
        (street.social, P.PROTECTION, {"what": "WHEREABOUTS", "readerIds": [str(street.child.person_id)]}),
    ):
        done = await surface.data(who, purpose, placing, input={**given, **more, "idempotencyKey": "k"})
        codes[who.role, *more] = done["protectionPlace"]["userErrors"][0]["code"]
    assert list(codes.values()) == ["NOT_FOUND", "FORBIDDEN", "BAD_USER_INPUT", "NOT_FOUND"]
    assert await world.connection.fetchval("select count(*) from portal.protection") == 0
    assert await world.connection.fetchval("select count(*) from audit.entry where verb = 'protectionPlace'") == 4


# Acts: whoever names him is answered as if nobody had ever


async def protected_sam(stage: apart.Stage) -> None:
    """Known by number to a hub, and by the very id that they use to the agency of whoever asks; then protected."""
    sam = await known_sam(stage)
    keeper = await stage.world.practitioner(await stage.world.agency(A.LOCAL_AUTHORITY), R.SOCIAL_WORKER)
    for human in (sam, await mother_of(stage.world)):  # with her, so that nothing is left to see of either
        await stage.world.protected(keeper, human)


async def known_sam(stage: apart.Stage) -> Human:
    sam, _ = await apart.sam_is_there(stage)
    world = stage.world
    own = await world.known_to(stage.colleague.agency_id, sam.person_id, given="Sam", own_id="L", born=date(2012, 4, 5))
    await world.number(own, "NHS_NUMBER", apart.NUMBER)
    await world.assigned(stage.colleague, own)
    await world.assigned(stage.who, own)
    await world.join("link_key", key=await world.connection.fetchval("select min(key) from portal.search_key"))
    return sam


async def mother_of(world: World) -> Human:
    row = await world.connection.fetchrow("select person_id, id from portal.identity_record where given_name = 'Mia'")
    return Human(row["person_id"], row["id"])


@pytest.mark.parametrize("kind", [A.HEALTH, A.SCHOOL])
async def test_naming_a_protected_child_is_answered_as_if_nobody_had_named_them(
    databases: list[Database], tmp_path: Path, kind: A
) -> None:
    plain = await apart.observed(databases.pop(), tmp_path, kind, apart.nobody)
    hidden = await apart.observed(databases.pop(), tmp_path, kind, protected_sam)
    for number, (one, other) in enumerate(zip(hidden, plain, strict=True)):
        assert one == other, number


async def test_a_colleague_and_another_agency_meet_whom_was_named_anew_and_never_him(database: Database, tmp_path: Path) -> None:
    async with apart.staged(database, tmp_path, A.HEALTH) as stage:
        sam = await known_sam(stage)
        await stage.world.settle()
        assert await apart.submits(stage, stage.colleague, "0") == str(sam.person_id), "so they would meet"
        keeper = await stage.world.practitioner(await stage.world.agency(A.LOCAL_AUTHORITY), R.SOCIAL_WORKER)
        await stage.world.protected(keeper, sam)
        await stage.world.settle()
        hidden = str(sam.person_id)
        anew = await apart.submits(stage, stage.as_(R.HEALTH_PRACTITIONER), "1")
        assert anew != hidden
        assert await apart.submits(stage, stage.colleague, "2") == anew
        elsewhere = await stage.world.practitioner(await stage.world.agency(A.VOLUNTARY), R.VOLUNTARY_WORKER)
        assert await apart.submits(stage, elsewhere, "3") == anew
        marks = await stage.world.connection.fetch("select id from portal.protection")
        for mark in marks:  # lifted: what was said meanwhile stays said of whom it was said
            await stage.world.change("protection", mark["id"], until_on=day(-1))
        assert await apart.submits(stage, stage.colleague, "4") == anew
        assert not await stage.world.connection.fetchval("select count(*) from portal.person where custodian_id is not null")


# The second wall alone


async def test_rows_about_the_protected_show_to_their_custodian_alone(world: World, database: Database) -> None:
    street = await make_street(world)
    adam, _ = await brother(street)
    await world.settle()
    await world.protected(street.keeper, adam)
    await world.settle()
    count = "select count(*) from portal.{} where custodian_id is not null"
    owned = {table: await world.connection.fetchval(count.format(table)) for table in PERSON_TABLES}
    assert min(owned.values()) > 0, owned
    app = await asyncpg.connect(database.app_url)

    async def shown(agency: UUID) -> dict[str, int]:
        enter = (
            "select set_config('app.agency', $1, true), set_config('app.viewer', $1, true), set_config('app.services', '', true)"
        )
        await app.execute(enter, str(agency))
        return {table: await app.fetchval(count.format(table)) for table in PERSON_TABLES}

    async with app.transaction():
        assert set((await shown(street.nurse.agency_id)).values()) == {0}
        assert await shown(street.keeper.agency_id) == owned
    writes = (
        "insert into portal.involvement (id, identity_record_id, agency_id, version, sensitivity, made_at, how_to_reach, from_on) "
        f"select gen_random_uuid(), '{adam.record_id}', app.agency(), 1, 'STANDARD', now(), '', now()",
        "update portal.identity_record set custodian_id = app.agency(), version = version + 1 "
        f"where id = '{street.child.record_id}'",
    )
    for wanted in writes:
        async with app.transaction():
            await shown(street.nurse.agency_id)
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with app.transaction():
                    await app.execute(wanted)
    await app.close()


async def test_whoever_refreshes_openings_derives_the_same_ones(world: World, database: Database) -> None:
    street = await make_street(world)
    adam, _ = await brother(street)
    await world.protected(street.keeper, adam)
    await world.settle()
    every = "select * from portal.opening order by 1, 2, 3, 4, 5"
    before = await world.connection.fetch(every)
    app = await asyncpg.connect(database.app_url)
    async with app.transaction():
        await app.execute("select set_config('app.agency', $1, true), set_config('app.viewer', $1, true)", str(street.door))
        await openings.refresh(app, [street.mother.person_id])
        assert not await app.fetchval("select count(*) from portal.opening where custodian_id is not null")
    await app.close()
    assert await world.connection.fetch(every) == before


async def test_nobody_protected_is_linked(world: World, surface: Surface) -> None:
    street = await make_street(world)
    adam = await world.person(street.keeper, "Adam", "Khan", date(2013, 4, 5))
    steward = await world.practitioner(street.keeper.agency_id, R.IDENTITY_STEWARD)
    await world.protected(street.keeper, adam)
    link = "mutation($input: IdentityLinkInput!) { identityLink(input: $input) { userErrors { code } } }"
    other = await world.person(street.keeper, "Adam", "Khan", date(2013, 4, 5))
    given = {"personId": str(other.person_id), "otherPersonId": str(adam.person_id), "reason": "the same school and mother"}
    codes = [
        (await surface.data(who, P.IDENTITY, link, input={**given, "idempotencyKey": "1"}))["identityLink"]["userErrors"][0]["code"]
        for who in (steward, street.watching[5][0])
    ]
    assert codes == ["FORBIDDEN", "NOT_FOUND"]


async def test_what_names_two_shows_to_nobody_but_who_keeps_both(world: World, surface: Surface) -> None:
    street = await make_street(world)
    mother, child, worker, keeper = street.mother, street.child, street.worker, street.keeper
    both, alone = await world.reason(worker, [mother, child]), await world.reason(worker, [mother])

    async def shown(reason: UUID) -> bool:
        return (await surface.data(worker, P.SUPPORT, NODE, id=str(reason)))["node"] is not None

    async def kept_by(table: str, where: str) -> set[UUID | None]:
        return {row[0] for row in await world.connection.fetch(f"select custodian_id from portal.{table} where {where}")}

    await world.settle()
    assert await shown(both)
    assert await shown(alone)
    mark = await world.protected(keeper, child)
    await world.settle()
    assert (await shown(both), await shown(alone)) == (False, True)
    assert await kept_by("sharing_reason", "true") == {None, keeper.agency_id}
    assert await kept_by("relationship", "true") == {keeper.agency_id}
    second = await world.protected(street.nurse, mother)
    later = await world.reason(keeper, [mother, child])
    await world.settle()
    assert not await shown(alone)
    nobody = UUID(int=0)
    assert await kept_by("relationship", "true") == {nobody}
    assert await kept_by("sharing_reason", f"id in ('{both}', '{later}')") == {nobody}
    for placed in (mark, second):
        await world.change("protection", placed, until_on=day(-1))
    await world.settle()
    assert await shown(both)
    assert await shown(alone)
    assert await kept_by("relationship", "true") | await kept_by("sharing_reason", "true") == {None}
    replaced = await world.connection.fetch("select record_id from portal.record_history")
    assert {row[0] for row in replaced} == {mark, second}, "that somebody is protected is no new version of anything"

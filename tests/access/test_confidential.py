"""W2: what a confidential service keeps changes nothing observable for anybody else, on any route.

Asked three times: with both walls, without the second (the owner's role passes row security by), and without the first.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.access.surface import NODE, WALLS_UP, Surface, walls_up
from tests.conftest import Database
from tests.world import AREA, CONFIDENTIAL, NOW, SENSITIVE, STANDARD, Home, Human, Someone, World, day
from throughline.access import openings
from throughline.db.columns import new_id
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.holder import SCHOOL_ON_ROLL
from throughline.terms.purpose import Purpose as P
from throughline.terms.record_kind import RecordKind
from throughline.terms.role import Role as R

pytestmark = pytest.mark.anyio

EVERYTHING = tuple(RecordKind)
SECRET_NAMES = ("Zenobia", "Quint")


@pytest.fixture(params=WALLS_UP)
async def walled(
    request: pytest.FixtureRequest, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Surface]:
    async with walls_up(request.param, "W2", database, tmp_path, monkeypatch) as opened:
        yield opened


@dataclass
class Town:
    """A family of whom many may see much, and a drop-in inside a health trust."""

    world: World
    trust: UUID
    service: UUID
    counsellor: Someone
    nurse: Someone
    child: Human
    mother: Human
    home: Home
    elsewhere: UUID
    watching: list[tuple[str, Someone, P]]


async def make_town(world: World) -> Town:
    trust, school, council = [await world.agency(kind) for kind in (A.HEALTH, A.SCHOOL, A.LOCAL_AUTHORITY)]
    police, charity, board = [await world.agency(kind) for kind in (A.POLICE, A.VOLUNTARY, A.LOCAL_AUTHORITY)]
    service, other_service = await world.service(trust), await world.service(trust)
    await world.add(
        "feed", agency_id=trust, area=AREA, kind="SUPPORT_REPORT", covered_from=day(-90), covered_to=day(-1), promised_every_days=7
    )
    manager = await world.practitioner(trust, R.TEAM_MANAGER)
    counsellor = await world.practitioner(trust, R.HEALTH_PRACTITIONER, services=[service], manager=manager)
    nurse = await world.practitioner(trust, R.HEALTH_PRACTITIONER)
    nurse = Someone(nurse.id, nurse.agency_id, nurse.role, nurse.client_id)
    left = await world.practitioner(trust, R.HEALTH_PRACTITIONER)
    await world.member(service, left.id, -100, -1)
    next_door = await world.practitioner(trust, R.HEALTH_PRACTITIONER, services=[other_service])
    lead = await world.practitioner(school, R.SAFEGUARDING_LEAD)
    worker = await world.practitioner(council, R.FAMILY_PRACTITIONER)
    social = await world.practitioner(council, R.SOCIAL_WORKER)
    triage = await world.practitioner(council, R.TRIAGE_WORKER)
    steward = await world.practitioner(board, R.IDENTITY_STEWARD)
    officer = await world.practitioner(police, R.POLICE_OFFICER)
    volunteer = await world.practitioner(charity, R.VOLUNTARY_WORKER)
    privacy = await world.practitioner(trust, R.PRIVACY_OFFICER)
    child = await world.person(trust, "Sara", "Khan", date(2012, 5, 6))
    mother = await world.person(council, "Mia", "Khan", date(1988, 1, 2))
    home = await world.home(council, None, child, mother)
    for human in (child, mother):
        for who in (nurse, left, next_door):
            own = human.record_id if human is child else await world.known_to(trust, human.person_id, given="Mia")
            await world.assigned(who, own)
    for holder, position in (
        (worker, "LEAD"),
        (social, "ALLOCATED_SOCIAL_WORKER"),
        (nurse, "MEMBER"),
        (officer, "MEMBER"),
        (volunteer, "MEMBER"),
    ):
        await world.position(council, holder, home, [child, mother], position, confirmed_by=board)
    await world.enrolled(council, child, school, confirmed_by=board)
    kinds: list[UUID | A] = [A.HEALTH, A.POLICE, A.VOLUNTARY, A.LOCAL_AUTHORITY, SCHOOL_ON_ROLL]
    for purpose in (P.SUPPORT, P.PROTECTION):
        await world.decision(
            council, kinds, [child, mother], kinds=EVERYTHING, sensitive=EVERYTHING, purpose=purpose, confirmed_by=board
        )
    await world.contact(police, child, council)
    await ordinary_records(world, nurse, worker, child, mother, home)
    watching = [(w.role.lower(), w, P.SUPPORT) for w in (nurse, manager, lead, worker, officer, volunteer)]
    watching += [("left the service yesterday", left, P.SUPPORT), ("in another service", next_door, P.SUPPORT)]
    watching += [("social worker", social, P.SUPPORT), ("social worker", social, P.PROTECTION), ("triage", triage, P.TRIAGE)]
    watching += [("steward", steward, P.IDENTITY), ("privacy", privacy, P.ASSURANCE), ("lead in protection", lead, P.PROTECTION)]
    elsewhere = await world.agency(A.LOCAL_AUTHORITY)
    return Town(world, trust, service, counsellor, nurse, child, mother, home, elsewhere, watching)


async def ordinary_records(world: World, nurse: Someone, worker: Someone, child: Human, mother: Human, home: Home) -> None:
    await world.report(nurse, ([child], STANDARD), ([child, mother], SENSITIVE), released=True)
    await world.report(worker, ([child], STANDARD))
    await world.report(worker, ([mother], STANDARD), given=-9)
    for human in (child, mother):
        await world.about("involvement", nurse, human)
        await world.about("need", worker, human, household_id=home.household_id)
        await world.about("address", worker, human, household_id=home.household_id)
        await world.about("legal_status", worker, human)
    await world.number(child.record_id, "NHS_NUMBER", "9434765919")
    await world.related(worker, mother, child, home)


async def drop_in(town: Town, *, about: Human | None = None) -> list[UUID]:
    """Everything that a confidential service could keep. Answers the ids of its rows."""
    world, who = town.world, town.counsellor
    person_id = about.person_id if about else await world.add("person", made_at=NOW)
    record = await world.known_to(
        who, person_id, given="Zenobia", family="Quint", born=date(1990, 1, 1), is_unborn=False, source_rank=0
    )  # fmt: skip
    known = Human(person_id, record)
    made = [record, await world.number(record, "NHS_NUMBER", "9434765870")]
    made.append(await world.assigned(who, record))
    made.append(await world.report(who, ([known], CONFIDENTIAL)))
    made.append(await world.report(who, ([known, town.mother], CONFIDENTIAL), ([town.mother], CONFIDENTIAL)))
    made.append(await world.report(who, ([town.mother], CONFIDENTIAL), household_id=town.home.household_id))
    for table in ("involvement", "need", "legal_status", "address", "attendance"):
        made += [await world.about(table, who, human, CONFIDENTIAL) for human in (known, town.mother)]
    secret: dict[str, Any] = {"sensitivity": "CONFIDENTIAL"}
    for human in (known, town.mother):
        made.append(await world.contact(who, human, town.elsewhere, **secret))
        made.append(await world.enrolled(who, human, town.nurse.agency_id, confirmed_by=town.elsewhere, **secret))
        made.append(await world.position(who, town.nurse, town.home, [human], "LEAD", confirmed_by=town.elsewhere, **secret))
        made.append(await world.decision(who, list(A), [human], sensitive=EVERYTHING, confirmed_by=town.elsewhere, **secret))
    other = await world.home(who, town.home.family_id)
    made.append(
        await world.record(
            "membership", who, CONFIDENTIAL, identity_record_id=record, household_id=other.household_id,
            family_id=town.home.family_id, role="CHILD", from_on=day(-90),
        )
    )  # fmt: skip
    made.append(
        await world.record(
            "relationship", who, CONFIDENTIAL, identity_record_id=record, other_identity_record_id=town.mother.record_id,
            kind="SIBLING_OF",
        )
    )  # fmt: skip
    return made


async def observed(town: Town, surface: Surface, extra: list[UUID]) -> dict[str, list[bytes]]:
    people, families = [town.child.person_id, town.mother.person_id], [town.home.family_id]
    names = ["Sara Khan", "Mia Khan", " ".join(SECRET_NAMES), "Khan"]
    return {
        f"{place} {name} {purpose}": await surface.everything(
            who, purpose, people=people, families=families, nodes=extra, names=names
        )
        for place, (name, who, purpose) in enumerate(town.watching)
    }


async def test_nothing_that_a_confidential_service_keeps_can_be_observed(world: World, walled: Surface) -> None:
    town = await make_town(world)
    await world.settle()
    before = await observed(town, walled, [])
    assert sum(len(b"".join(said)) for said in before.values()) > 20_000, "they see much of the family"
    assert all(
        b'"errors"' not in one for name, said in before.items() for one in said if "volunt" not in name and "privacy" not in name
    )
    await drop_in(town, about=town.child)
    stranger = await drop_in(town)
    await world.settle()
    assert await observed(town, walled, []) == before
    assert stranger


async def test_the_id_of_a_confidential_record_is_like_no_id_at_all(world: World, walled: Surface) -> None:
    town = await make_town(world)
    made = await drop_in(town, about=town.child)
    await world.settle()
    for name, who, purpose in town.watching:
        absent = await walled.raw(who, purpose, NODE, id=str(new_id()))
        assert {await walled.raw(who, purpose, NODE, id=str(record)) for record in made} == {absent}, name


async def test_the_service_itself_sees_what_it_keeps(world: World, surface: Surface) -> None:
    town = await make_town(world)
    made = await drop_in(town, about=town.child)
    await world.settle()
    seen = [await surface.data(town.counsellor, P.SUPPORT, NODE, id=str(record)) for record in made]
    assert [one["node"] and one["node"]["__typename"] for one in seen[:4]] == [
        "IdentityRecord", "IdentityNumber", "Assignment", "SupportReport",
    ]  # fmt: skip


async def test_a_colleague_who_reports_about_the_same_child_is_answered_like_anybody(world: World, surface: Surface) -> None:
    """The same number, name and birth date as the service's own record: the answer tells nothing, and the two are not linked."""
    town = await make_town(world)
    made = await drop_in(town)
    await world.settle()
    identity = {
        "ownId": "77",
        "givenName": "Zenobia",
        "familyName": "Quint",
        "dateOfBirth": "1990-01-01",
        "nhsNumber": "9434765870",
    }
    unknown = {**identity, "ownId": "78", "givenName": "Yolanda", "nhsNumber": "9434765919"}
    shown = []
    for about in (identity, unknown):
        given = {
            "idempotencyKey": about["ownId"], "kindOfSupport": "TALK", "givenOn": str(day(0)), "delivery": "VISIT",
            "parts": [{"about": [{"identity": about}], "whatWasDone": "We talked."}],
        }  # fmt: skip
        said = await surface.data(town.nurse, P.SUPPORT, SUBMIT, input=given)
        report = said["supportReportSubmit"]["supportReport"]
        shown.append(report["about"][0])
    assert {**shown[0], "id": "", "givenName": ""} == {**shown[1], "id": "", "givenName": ""}
    kept = await world.connection.fetchval("select person_id from portal.identity_record where id = $1", made[0])
    assert shown[0]["id"] != str(kept)


SUBMIT = (
    "mutation($input: SupportReportSubmitInput!) { supportReportSubmit(input: $input) { userErrors { code message } "
    "supportReport { __typename totals: version about { id givenName familyName dateOfBirth } } } }"
)


async def test_whoever_refreshes_openings_derives_the_same_ones(world: World, database: Database) -> None:
    """Whoever acts does not meet confidential rows: so nothing may be derived from them."""
    town = await make_town(world)
    await drop_in(town, about=town.child)
    await world.settle()
    before = await world.connection.fetch("select * from portal.opening order by 1, 2, 3, 4, 5")
    connection = await asyncpg.connect(database.app_url)
    async with connection.transaction():
        await connection.execute(
            "select set_config('app.agency', $1, true), set_config('app.viewer', $1, true)", str(town.elsewhere)
        )
        await openings.refresh(connection, [town.child.person_id, town.mother.person_id])
    await connection.close()
    assert await world.connection.fetch("select * from portal.opening order by 1, 2, 3, 4, 5") == before

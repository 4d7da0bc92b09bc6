"""W1 and identities: whoever is walled from somebody and names them is answered as if there were nobody, again and again.

The same acts are done in two portals: one where the named person is there and connected with whoever names them, and one where
nobody is. Ids are random, so each is written as the place where it first appears; everything else is compared byte for byte.
"""

import io
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import pytest

from tests.access.portal import Portal
from tests.access.surface import FAMILIES, HISTORY, NODE, PERSON, SEARCH, Surface
from tests.conftest import Database
from tests.world import BEFORE, STANDARD, TODAY, Human, Someone, World, day
from throughline.db.engine import make_pool
from throughline.linking import identity
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.purpose import Purpose as P
from throughline.terms.role import Role as R
from throughline.transfer.report_import import ReportImporter, vocabulary_of

pytestmark = pytest.mark.anyio

NUMBER, UPN = "9434765919", "B801200005001"
SAM = {"ownId": "L", "givenName": "Sam", "familyName": "Okafor", "dateOfBirth": "2012-04-05", "nhsNumber": NUMBER, "upn": UPN}
_RECORD = "id version sensitivity about { id givenName familyName dateOfBirth identityRecords { id ownId } numbers { value } }"
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_CURSOR = re.compile(r'("(?:cursor|endCursor|startCursor)":)"[^"]+"')


@dataclass
class Stage:
    """One portal. `who` has every role at one agency; `front_door` decides contacts. `said`: all answers so far."""

    world: World
    surface: Surface
    portal: Portal
    who: Someone
    colleague: Someone
    front_door: Someone
    said: list[bytes] = field(default_factory=list)

    def as_(self, role: R) -> Someone:
        return Someone(self.who.id, self.who.agency_id, role, self.who.client_id)

    async def ask(self, role: R, purpose: P, query: str, **variables: Any) -> Any:
        self.said.append(await self.surface.raw(self.as_(role), purpose, query, **variables))
        answer = orjson.loads(self.said[-1])
        assert query is SEARCH or "errors" not in answer, answer
        return answer["data"]

    async def send(self, asker: R, mutation: str, asked_for: P = P.SUPPORT, shows: str = "", **given: Any) -> Any:
        kind = mutation[0].upper() + mutation[1:] + "Input"
        errors = "userErrors { code message field } recordedId"
        query = f"mutation($input: {kind}!) {{ done: {mutation}(input: $input) {{ {errors} {shows} }} }}"
        key = {"idempotencyKey": f"{mutation} {len(self.said)}"}
        return (await self.ask(asker, asked_for, query, input={**key, **given}))["done"]

    @property
    def observed(self) -> list[str]:
        """Every answer, with the ids and cursors in it numbered by first appearance."""
        numbers: dict[str, str] = {}
        texts = [_CURSOR.sub(r"\1null", answer.decode()) for answer in self.said]
        return [_ID.sub(lambda found: numbers.setdefault(found[0], f"#{len(numbers)}"), text) for text in texts]


@pytest.fixture
def databases(make_database: Callable[..., Database]) -> list[Database]:
    return [make_database() for _ in range(4)]


@asynccontextmanager
async def staged(database: Database, folder: Path, kind: A) -> AsyncIterator[Stage]:
    connection = await asyncpg.connect(database.owner_url)
    world = World(connection)
    await world.kinds_of_support()
    own = await world.agency(kind)
    who = await world.practitioner(own, R.SCHOOL_STAFF)
    for role in R:
        if role is not R.SCHOOL_STAFF:
            await world.join("practitioner_role", practitioner_id=who.id, role=str(role))
    colleague = await world.practitioner(own, R.HEALTH_PRACTITIONER)
    front_door = await world.practitioner(await world.agency(A.LOCAL_AUTHORITY), R.TRIAGE_WORKER)
    async with make_pool(database.app_url, fewest=1, most=2) as pool:
        surface = Surface(pool, folder)
        yield Stage(world, surface, Portal(world, pool), who, colleague, front_door)
        await surface.close()
    await connection.close()


async def sam_is_there(stage: Stage) -> tuple[Human, Human]:
    """Sam and the mother: known to a hub by number, with a team that has the viewer in it, on roll at the viewer's own school."""
    world, hub = stage.world, await stage.world.practitioner(await stage.world.agency(A.LOCAL_AUTHORITY), R.FAMILY_PRACTITIONER)
    sam = await world.person(hub.agency_id, "Sam", "Okafor-Reed", date(2012, 4, 5), own_id="H")
    await world.number(sam.record_id, "NHS_NUMBER", NUMBER)
    await world.number(sam.record_id, "UPN", UPN)
    mother = await world.person(hub.agency_id, "Mia", "Okafor", date(1988, 1, 2))
    home = await world.home(hub, None, sam, mother)
    await world.position(hub, stage.who, home, [sam, mother], "LEAD", confirmed_by=stage.front_door.agency_id)
    await world.decision(hub, [stage.who.agency_id], [sam, mother], confirmed_by=stage.front_door.agency_id)
    await world.enrolled(hub, sam, stage.who.agency_id, confirmed_by=stage.front_door.agency_id)
    await world.report(hub, ([sam], STANDARD))
    return sam, mother


async def known_by_number(stage: Stage) -> None:
    sam, _ = await sam_is_there(stage)
    await stage.world.connected(stage.who, sam.record_id)


async def known_by_own_id(stage: Stage) -> None:
    sam, _ = await sam_is_there(stage)
    own = await stage.world.known_to(stage.colleague.agency_id, sam.person_id, given="Samuel", own_id="L", born=date(2012, 4, 5))
    await stage.world.number(own, "NHS_NUMBER", NUMBER)
    await stage.world.assigned(stage.colleague, own)
    await stage.world.connected(stage.who, own)


async def living_with_somebody_known(stage: Stage) -> None:
    _, mother = await sam_is_there(stage)
    await stage.world.connected(stage.who, mother.record_id)


async def nobody(stage: Stage) -> None:
    pass


THERE = {"by number": known_by_number, "by own id": known_by_own_id, "with a relative": living_with_somebody_known}
AT = {"a health service": A.HEALTH, "a school": A.SCHOOL, "a voluntary group": A.VOLUNTARY}


def about(**more: str) -> dict[str, Any]:
    return {"identity": {**SAM, **more}}


def report(**more: str) -> dict[str, Any]:
    return {
        "kindOfSupport": "TALK", "givenOn": str(day(0)), "delivery": "VISIT",
        "parts": [{"about": [about(**more)], "whatWasDone": "We talked."}],
    }  # fmt: skip


async def everything(stage: Stage) -> None:
    """All that somebody could do who names Sam, and all that they could look at afterwards."""
    await reports(stage)
    await other_acts(stage)
    await lists(stage)
    await again_after_declaring(stage)


async def reports(stage: Stage) -> None:
    shows = f"supportReport {{ {_RECORD} parts {{ id whatWasDone about {{ id }} }} seenBecause {{ number }} }}"
    for role in (R.HEALTH_PRACTITIONER, R.SAFEGUARDING_LEAD, R.VOLUNTARY_WORKER):
        first = await stage.send(role, "supportReportSubmit", shows=shows, idempotencyKey=f"first {role}", **report())
        await stage.send(role, "supportReportSubmit", shows=shows, idempotencyKey=f"first {role}", **report())
        await stage.send(role, "supportReportSubmit", shows=shows, idempotencyKey=f"first {role}", **report(givenName="Tom"))
        await stage.send(role, "supportReportSubmit", shows=shows, **report(familyName="Okafor-King"))
        await stage.send(role, "supportReportSubmit", shows=shows, **report(ownId="L2"))
        many = [{"idempotencyKey": f"{role} {n}", **report(ownId=own_id)} for n, own_id in enumerate(("L", "L2", "L3"))]
        query = (
            "mutation($input: SupportReportSubmitManyInput!) { supportReportSubmitMany(input: $input) { userErrors { code } "
            f"results {{ userErrors {{ code message field }} {shows} }} }} }}"
        )
        await stage.ask(role, P.SUPPORT, query, input={"reports": many})
        made = first["supportReport"]
        change = {"id": made["parts"][0]["id"], "whatWasDone": "We talked at length."}
        await stage.send(role, "supportReportAmend", shows=shows, id=made["id"], version=1, parts=[change])
        await stage.send(role, "supportReportWithdraw", shows=shows, id=made["id"], version=2, reason="A wrong day.")
        await look(stage, role, made["about"][0]["id"])


async def look(stage: Stage, role: R, person_id: str) -> None:
    for query in (PERSON, HISTORY, NODE):
        await stage.ask(role, P.SUPPORT, query, id=person_id)
    await stage.ask(role, P.SUPPORT, FAMILIES)
    for name in ("Sam Okafor", "Sam Okafor-Reed", "Samuel"):
        await stage.ask(role, P.SUPPORT, SEARCH, input={"name": name, "dateOfBirth": "2012-04-05"})
    whom = {"about": [{"personId": person_id}], "whatWasDone": "By id."}
    await stage.send(role, "supportReportSubmit", shows=f"supportReport {{ {_RECORD} }}", **{**report(), "parts": [whom]})


async def other_acts(stage: Stage) -> None:
    """Every other act that takes an identity."""
    own, absent = str(stage.who.agency_id), str(stage.colleague.id)
    dates = {"fromOn": str(day(0)), "reviewOn": str(day(30)), "untilOn": str(day(60))}
    decided: dict[str, Any] = {
        "purpose": "SUPPORT",
        "lawfulBasis": "PUBLIC_TASK",
        "decidedBy": "Mia",
        "receivers": [{"agencyId": own}],
        **dates,
    }
    lead: dict[str, Any] = {"label": "Home", "leadId": str(stage.colleague.id), "fromOn": str(day(0))}
    seat: dict[str, Any] = {"householdId": absent, "holderId": str(stage.colleague.id), "position": "MEMBER", "fromOn": str(day(0))}
    for role in (R.FAMILY_PRACTITIONER, R.SOCIAL_WORKER, R.TEAM_MANAGER):
        send = stage.send
        involved = f"involvement {{ {_RECORD} }}"
        await send(role, "involvementStart", shows=involved, about=about(), howToReach="Ring", fromOn=str(day(0)))
        door = str(stage.front_door.agency_id)
        await send(role, "contactMake", shows=f"contact {{ {_RECORD} }}", about=about(), frontDoorId=door, reason="worried")
        await send(role, "needRecord", about=about(), severity="ADDITIONAL", reason="tired", fromOn=str(day(0)))
        await send(role, "sharingDecisionRecord", about=[about()], agreedBy=about(), kinds=["NEED"], **decided)
        await send(role, "familyStart", shows=f"teamPosition {{ {_RECORD} isConfirmed }}", about=[about()], **lead)
        await send(role, "teamPositionPropose", about=[about()], **seat)
        await send(role, "membershipStart", householdId=absent, about=about(), role="CHILD", fromOn=str(day(0)))
        pair: dict[str, Any] = {"person": about(), "other": about(ownId="other", nhsNumber="9434765870", upn="R808200015001")}
        await send(role, "relationshipRecord", householdId=absent, kind="SIBLING_OF", **pair)
        await send(role, "legalStatusRecord", P.PROTECTION, about=about(), status="LOOKED_AFTER", fromOn=str(day(0)))
    for role in (R.INCLUSION_LEAD, R.TRANSITION_COORDINATOR):
        start: dict[str, Any] = {"schoolId": own, "fromOn": str(day(5)), "about": about()}
        await stage.send(role, "enrolmentStart", P.TRANSITION, f"enrolment {{ {_RECORD} state }}", **start)


async def lists(stage: Stage) -> None:
    """A group's list of reports, line by line."""
    header = "own_id,given_name,family_name,date_of_birth,nhs_number,date,kind_of_support,delivery,what_was_done"
    rows = [f"{own_id},Sam,Okafor,2012-04-05,{NUMBER},{TODAY},talk,visit,Listened." for own_id in ("L", "L4", "")]
    viewer = stage.as_(R.VOLUNTARY_WORKER).asks(P.SUPPORT)
    importer = ReportImporter(stage.portal.acting, stage.portal.reader, viewer, stage.who.agency_id, "test")
    for _ in range(2):
        data = io.BytesIO("\n".join((header, *rows)).encode())
        outcome = await importer.bring(data, await vocabulary_of(stage.portal._gate), today=TODAY)
        stage.said.append(repr((outcome.submitted, outcome.there, outcome.errors)).encode())


async def again_after_declaring(stage: Stage) -> None:
    """Whoever declares the connection themselves is answered anew, like before."""
    role = R.HEALTH_PRACTITIONER
    before = await stage.send(role, "supportReportSubmit", shows=f"supportReport {{ {_RECORD} }}", **report())
    await stage.send(role, "connectionDeclare", shows="isDeclared", about=about(), kind="RELATIVE")
    await stage.ask(role, P.SUPPORT, NODE, id=before["supportReport"]["id"])
    await stage.send(role, "connectionDeclare", shows="isDeclared", about={"personId": before["supportReport"]["about"][0]["id"]},
                     kind="RELATIVE")  # fmt: skip
    for _ in range(2):
        await stage.send(role, "supportReportSubmit", shows=f"supportReport {{ {_RECORD} }}", **report())


async def observed(database: Database, folder: Path, kind: A, there: Callable[[Stage], Awaitable[None]]) -> list[str]:
    async with staged(database, folder, kind) as stage:
        await there(stage)
        await stage.world.settle()
        await everything(stage)
        return stage.observed


@pytest.mark.parametrize("kind", AT.values(), ids=AT)
async def test_naming_somebody_whom_one_must_not_meet_is_answered_as_if_nobody_were_there(
    databases: list[Database], tmp_path: Path, kind: A
) -> None:
    plain = await observed(databases.pop(), tmp_path, kind, nobody)
    assert sum('"userErrors":[]' in answer for answer in plain) > 30
    for name, there in THERE.items():
        walled = await observed(databases.pop(), tmp_path, kind, there)
        for number, (one, other) in enumerate(zip(walled, plain, strict=True)):
            assert one == other, (name, number)


async def test_nor_does_it_tell_where_an_assignment_alone_had_named_them(databases: list[Database], tmp_path: Path) -> None:
    """An administrator assigned the viewer to an id of which nobody had said anything yet."""

    async def assigned(stage: Stage) -> None:
        person_id = await stage.world.add("person", made_at=BEFORE)
        blank = await stage.world.known_to(stage.who.agency_id, person_id, own_id="L")
        await stage.world.assigned(stage.who, blank)

    async def both(stage: Stage) -> None:
        await assigned(stage)
        await known_by_number(stage)

    assert await observed(databases.pop(), tmp_path, A.HEALTH, both) == await observed(
        databases.pop(), tmp_path, A.HEALTH, assigned
    )


@pytest.mark.parametrize("there", THERE.values(), ids=THERE)
async def test_without_setting_apart_the_answer_would_tell(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: Callable[[Stage], Awaitable[None]]
) -> None:
    """A proof that catches nothing is not a proof."""
    for name in ("_KNOWN", "_MET"):
        monkeypatch.setattr(identity, name, getattr(identity, name).replace(identity.IS_WALLED, "false"))
    async with staged(database, tmp_path, A.HEALTH) as stage:
        await there(stage)
        await stage.world.settle()
        done = await stage.send(R.HEALTH_PRACTITIONER, "supportReportSubmit", **report())
        assert [error["code"] for error in done["userErrors"]] == ["FORBIDDEN"]


SUBMITTED = f"supportReport {{ {_RECORD} }}"


async def submits(stage: Stage, who: Someone, key: str, **more: str) -> Any:
    query = (
        "mutation($input: SupportReportSubmitInput!) { supportReportSubmit(input: $input) "
        f"{{ userErrors {{ code }} {SUBMITTED} }} }}"
    )
    done = (await stage.surface.data(who, P.SUPPORT, query, input={"idempotencyKey": key, **report(**more)}))["supportReportSubmit"]
    assert done["userErrors"] == []
    return done["supportReport"]["about"][0]["id"]


async def test_a_colleague_meets_the_person_and_never_what_was_set_apart(database: Database, tmp_path: Path) -> None:
    async with staged(database, tmp_path, A.HEALTH) as stage:
        sam, _ = await sam_is_there(stage)
        await stage.world.connected(stage.who, sam.record_id)
        await stage.world.settle()
        nurse = stage.as_(R.HEALTH_PRACTITIONER)
        apart = await submits(stage, nurse, "1")
        assert apart != str(sam.person_id)
        for number, own_id in enumerate(("L", "L2")):
            assert await submits(stage, stage.colleague, f"c{number}", ownId=own_id) == str(sam.person_id)
            assert await submits(stage, nurse, f"n{number}", ownId=own_id) == apart
        elsewhere = await stage.world.practitioner(await stage.world.agency(A.VOLUNTARY), R.VOLUNTARY_WORKER)
        assert await submits(stage, elsewhere, "e") == str(sam.person_id)
        rows = await stage.world.connection.fetch(
            "select own_id, set_apart_for, set_apart_turn from portal.identity_record where person_id::text = $1 order by own_id",
            apart,
        )
        assert [tuple(row) for row in rows] == [("L", nurse.id, 1), ("L2", nurse.id, 1)]


async def test_a_steward_joins_it_and_the_next_word_is_set_apart_anew(database: Database, tmp_path: Path) -> None:
    async with staged(database, tmp_path, A.HEALTH) as stage:
        sam, _ = await sam_is_there(stage)
        connection = await stage.world.connected(stage.who, sam.record_id)
        await stage.world.settle()
        nurse = stage.as_(R.HEALTH_PRACTITIONER)
        apart = await submits(stage, nurse, "1")
        steward = await stage.world.practitioner(stage.front_door.agency_id, R.IDENTITY_STEWARD)
        link = "mutation($input: IdentityLinkInput!) { identityLink(input: $input) { userErrors { code } } }"
        given = {
            "idempotencyKey": "1",
            "personId": str(sam.person_id),
            "otherPersonId": apart,
            "reason": "the same school and mother",
        }
        assert (await stage.surface.data(steward, P.IDENTITY, link, input=given))["identityLink"]["userErrors"] == []
        assert (await stage.surface.data(nurse, P.SUPPORT, NODE, id=apart))["node"] is None
        anew = await submits(stage, nurse, "2")
        assert anew not in (apart, str(sam.person_id))
        assert await submits(stage, nurse, "3") == anew
        await stage.world.change("connection", connection, ended_on=day(-1))
        await stage.world.settle()
        assert await submits(stage, nurse, "4") == anew
        assert await submits(stage, nurse, "5", ownId="L9") == str(sam.person_id)

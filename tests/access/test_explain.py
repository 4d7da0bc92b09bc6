"""The explanation agrees with what is shown: for everybody, about every record, on worlds full of both."""

import asyncio
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from click.testing import CliRunner, Result

from tests.access.given import ON_ROLL, TEAM, covered
from tests.access.portal import Portal
from tests.access.scene import Scene, open_scene
from tests.access.sentences_to_see import light_touch, report
from tests.access.test_confidential import drop_in, make_town
from tests.conftest import Database
from tests.world import CONFIDENTIAL, NOW, SENSITIVE, STANDARD, TODAY, Human, Someone, World
from throughline.__main__ import main
from throughline.access import explain as asking
from throughline.access.explain import Explainer, Unexplainable, practitioner_named
from throughline.access.explain_command import explained_lines, who_lines
from throughline.access.rules import allowed_purposes
from throughline.audit.trail import seen_rows
from throughline.db.columns import new_id
from throughline.reading.looking import Looking
from throughline.reading.tree import Field
from throughline.records.catalogue import KINDS
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.purpose import Purpose as P
from throughline.terms.record_kind import RecordKind as K
from throughline.terms.role import Role as R

pytestmark = pytest.mark.anyio


async def every_record(world: World) -> list[tuple[K, UUID]]:
    found = []
    for kind, table in {**KINDS, K.IDENTITY_RECORD: None, K.IDENTITY_NUMBER: None}.items():
        name = table.__tablename__ if table else kind.lower()
        light = ", is_light_touch" if kind is K.SUPPORT_REPORT else ", false"
        for row in await world.connection.fetch(f"select id{light} from portal.{name}"):
            found.append((K.LIGHT_TOUCH_REPORT if row[1] else kind, row[0]))
    return found


async def practitioners(world: World) -> list[Someone]:
    rows = await world.connection.fetch(
        "select p.id, p.agency_id, h.role, c.client_id from portal.practitioner p join portal.practitioner_role h "
        "on h.practitioner_id = p.id join portal.oauth_client c on c.practitioner_id = p.id"
    )
    return [Someone(row[0], row[1], R(row[2]), row[3]) for row in rows]


def explainer(portal: Portal) -> Explainer:
    gate = portal.reader._gate
    return Explainer(portal.world.connection, gate, Looking(gate, NOW).numbers, TODAY)


async def a_town(world: World) -> None:
    """Full of what an owner sees and a viewer does not: confidential identity records with other birth dates, walls, withdrawals."""
    town = await make_town(world)
    await drop_in(town, about=town.child)
    await world.light_touch(town.watching[5][1], town.home)
    await world.connected(town.watching[3][1], town.mother.record_id)
    keeper = next(who for who in await practitioners(world) if who.role is R.HEALTH_PRACTITIONER)
    kept = Someone(keeper.id, keeper.agency_id, keeper.role, keeper.client_id, await world.service(keeper.agency_id))
    grown = await world.known_to(kept, town.child.person_id, born=date(1980, 1, 1))
    await world.report(kept, ([Human(town.child.person_id, grown)], CONFIDENTIAL))
    for by in (town.watching[0][1], town.watching[3][1]):
        await world.report(by, ([town.child], SENSITIVE), ([town.mother], SENSITIVE))
    await world.about("need", keeper, town.child, withdrawn_at=NOW, withdrawn_reason="wrong")
    await world.settle()


async def test_it_says_exactly_what_the_reader_shows(world: World, portal: Portal) -> None:
    """Of every record, person and family, to everybody: why, and of some of them: who."""
    await a_town(world)
    asks, chance = explainer(portal), Random(3)  # noqa: S311  # repeatable, not secret
    emails = {row["id"]: row["email"] for row in await world.connection.fetch("select id, email from portal.practitioner")}
    everything: list[tuple[K | None, UUID]] = [*await every_record(world)]
    everything += [(K.PERSON, row["id"]) for row in await world.connection.fetch("select id from portal.person")]
    everything += [(None, row["id"]) for row in await world.connection.fetch("select id from portal.family")]
    compared, asked_who = 0, {*chance.sample(everything, 6), everything[-1]}
    for kind, wanted in everything:
        shown = {}
        for who in await practitioners(world):
            for purpose in allowed_purposes(who.role):
                explained = await asks.explain(who.id, wanted, who.role, purpose)
                seen = await seen_numbers(portal, who, purpose, kind, wanted)
                assert explained.numbers == seen, (kind, who.role, purpose)
                if kind not in (None, K.PERSON):
                    assert explained.judged_numbers == seen, (kind, who.role, purpose)
                if seen:
                    shown[emails[who.id], who.role, purpose] = seen[0]
                    compared += 1
        if (kind, wanted) in asked_who:
            seers = await asks.who_can_see(wanted)
            assert {(seer.email, seer.role, seer.purpose): seer.number for seer in seers} == shown, kind
            assert len(seers) == len(shown), "everybody once"
    assert compared > 100


async def seen_numbers(portal: Portal, who: Someone, purpose: P, kind: K | None, wanted: UUID) -> tuple[int, ...]:
    if kind is None:
        shown = await portal.ask(who, purpose, FAMILY, id=wanted)
        return tuple(sorted({one["number"] for member in (shown or {}).get("members", []) for one in member["seenBecause"]}))
    seen = await portal.sees(who, purpose, kind, wanted)
    return tuple(sorted(seen.because)) if seen else ()


_NUMBER = Field("seenBecause", "seen_because", children={"PolicySentence": (Field("number", "number"),)})
FAMILY = Field("family", "family", {"id": lambda v: v["id"]}, {
    "Family": (Field("members", "members", children={"FamilyMember": (_NUMBER,)}),)
})  # fmt: skip


async def test_looking_in_somebodys_place_leaves_nothing_in_their_name(world: World, portal: Portal) -> None:
    town = await make_town(world)
    who = town.watching[0][1]
    before = await world.connection.fetchval("select count(*) from audit.entry")
    await explainer(portal).explain(who.id, town.child.person_id, who.role, min(allowed_purposes(who.role)))
    assert await world.connection.fetchval("select count(*) from audit.entry") == before


async def test_a_person_and_a_family_are_explained_by_what_is_beneath_them(stage: Portal) -> None:
    scene = await open_scene(stage, A.LOCAL_AUTHORITY)
    await TEAM.arrange(scene, "from today")
    await report(STANDARD)(scene)
    said = await explained(scene, scene.child.person_id, R.FAMILY_PRACTITIONER)
    assert "PERSON as FAMILY_PRACTITIONER for SUPPORT: SEES it" in said
    assert "  SUPPORT_REPORT: 0 of 1 open" in said
    assert "  MEMBERSHIP: 1 of 1 open, by 8" in said
    said = await explained(scene, scene.home.family_id, R.FAMILY_PRACTITIONER)
    assert said.startswith("FAMILY as FAMILY_PRACTITIONER for SUPPORT: SEES it")
    assert "  MEMBERSHIP: 2 of 2 open, by 8" in said
    await scene.world.connected(scene.viewer, scene.child.record_id)
    said = await explained(scene, scene.child.person_id, R.FAMILY_PRACTITIONER)
    assert "does not see it" in said
    assert "WALL W1" in said


async def explained(scene: Scene, record: Any, role: R, purpose: P = P.SUPPORT) -> str:
    await scene.settle()
    one = await explainer(scene.portal).explain(scene.viewer.id, record, role, purpose)
    return "\n".join(explained_lines([one]))


async def test_it_names_the_phrase_that_is_missing(stage: Portal) -> None:
    scene = await open_scene(stage, A.SCHOOL)
    await ON_ROLL.arrange(scene, "from today")
    record = await report(STANDARD)(scene)
    said = await explained(scene, record, R.SAFEGUARDING_LEAD)
    assert "does not see it" in said
    assert "not by 22: A safeguarding lead may see STANDARD reports when on roll and covered, for SUPPORT." in said
    sentence = said[said.index("not by 22") : said.index("not by 23")]
    assert "missing «covered»" in sentence
    assert "missing «on roll»" not in sentence
    await covered(K.SUPPORT_REPORT).arrange(scene, "from today")
    said = await explained(scene, record, R.SAFEGUARDING_LEAD)
    assert "SEES it" in said
    assert "lets in 22" in said


async def test_it_names_the_wall_that_stands(stage: Portal) -> None:
    scene = await open_scene(stage, A.LOCAL_AUTHORITY)
    for given in (TEAM, covered(K.SUPPORT_REPORT)):
        await given.arrange(scene, "from today")
    record = await report(STANDARD)(scene)
    await scene.world.connected(scene.viewer, scene.child.record_id)
    said = await explained(scene, record, R.FAMILY_PRACTITIONER)
    assert "does not see it" in said
    assert "WALL W1: Nobody sees or writes anything about a person they are connected with" in said
    assert "would let in 24" in said


async def test_it_says_where_no_sentence_speaks_and_who_is_not_in_force(stage: Portal) -> None:
    scene = await open_scene(stage, A.LOCAL_AUTHORITY)
    record = await report(STANDARD)(scene)
    assert "no sentence lets this role see SUPPORT_REPORT for this purpose" in await explained(
        scene, record, R.ANALYST, P.OVERSIGHT
    )
    await scene.world.connection.execute("update portal.practitioner set disabled_at = now() where id = $1", scene.viewer.id)
    assert "is not in force" in await explained(scene, record, R.FAMILY_PRACTITIONER)


async def test_it_tells_an_operator_of_somebody_whom_the_viewer_cannot_know(stage: Portal) -> None:
    scene = await open_scene(stage, A.LOCAL_AUTHORITY)
    service = await scene.world.service(scene.maker.agency_id)
    keeper = Someone(scene.maker.id, scene.maker.agency_id, scene.maker.role, scene.maker.client_id, service)
    hidden = await scene.world.person(keeper, "Zed")
    record = await scene.world.report(keeper, ([hidden], CONFIDENTIAL))
    assert "cannot know (W2)" in await explained(scene, record, R.FAMILY_PRACTITIONER)
    assert [*who_lines(await explainer(scene.portal).who_can_see(record))] == ["Nobody can see it."]


async def test_parts_are_told_apart(stage: Portal) -> None:
    scene = await open_scene(stage, A.LOCAL_AUTHORITY)
    for given in (TEAM, covered(K.SUPPORT_REPORT)):
        await given.arrange(scene, "from today")
    record = await scene.world.report(scene.maker, ([scene.child], STANDARD), ([scene.child, scene.mother], SENSITIVE))
    await scene.settle()
    one = await explainer(scene.portal).explain(scene.viewer.id, record, R.FAMILY_PRACTITIONER, P.SUPPORT)
    assert (one.is_seen, one.open_parts, one.numbers) == (True, (1,), (24,))


async def test_a_light_touch_report_is_explained_by_the_family(stage: Portal) -> None:
    scene = await open_scene(stage, A.LOCAL_AUTHORITY)
    record = await light_touch()(scene)
    said = await explained(scene, record, R.FAMILY_PRACTITIONER)
    assert "missing «household's lead»" in said


async def test_it_says_that_there_is_no_such_thing(world: World, portal: Portal) -> None:
    with pytest.raises(Unexplainable, match="no record"):
        await explainer(portal).who_can_see(new_id())
    with pytest.raises(Unexplainable, match="no practitioner"):
        await practitioner_named(world.connection, "nobody@example.org")
    somebody = await world.practitioner(await world.agency(A.HEALTH), R.HEALTH_PRACTITIONER)
    assert await practitioner_named(world.connection, str(somebody.id)) == somebody.id
    assert await asking.roles_of(world.connection, somebody.id) == [R.HEALTH_PRACTITIONER]


# On the command line


def on_the_command_line(database: Database, *arguments: object) -> Result:
    environment = {"DATABASE_URL": database.app_url, "DATABASE_OWNER_URL": database.owner_url}
    return CliRunner().invoke(main, ["explain", *map(str, arguments)], env=environment)


@pytest.fixture
def told(database: Database) -> tuple[str, UUID]:
    """The e-mail address of a practitioner, and a report that they wrote."""

    async def make() -> tuple[str, UUID]:
        connection = await asyncpg.connect(database.owner_url)
        world = World(connection)
        charity = await world.agency(A.VOLUNTARY)
        who = await world.practitioner(charity, R.VOLUNTARY_WORKER, name="Vi")
        record = await world.report(who, ([await world.person(charity)], STANDARD))
        await world.settle()
        email = await connection.fetchval("select email from portal.practitioner where id = $1", who.id)
        await connection.close()
        return email, record

    return asyncio.run(make())


async def operators(database: Database) -> list[Any]:
    connection = await asyncpg.connect(database.owner_url)
    rows = await connection.fetch("select * from audit.entry where role = 'OPERATOR' order by at, id")
    await connection.close()
    return list(rows)


def test_the_command_says_why_and_who(database: Database, told: tuple[str, UUID]) -> None:
    email, record = told
    done = on_the_command_line(database, record, "--as", email)
    assert done.exit_code == 0, done.output
    assert "SUPPORT_REPORT as VOLUNTARY_WORKER for SUPPORT: SEES it" in done.output
    assert "lets in 20: School staff and voluntary workers may see reports they wrote, for SUPPORT." in done.output
    done = on_the_command_line(database, record, "--who")
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "1 ways in.")
    assert f"Vi <{email}>, VOLUNTARY_WORKER for SUPPORT: sentence 19" in done.output
    entries = asyncio.run(operators(database))
    assert [(one["verb"], one["outcome"], seen_rows(one["seen"])) for one in entries] == [
        ("explain", "EXPLAINED", [(record, 0)])
    ] * 2
    assert not any(email in one["operation"] for one in entries)


def test_the_command_says_by_its_exit_code_that_nobody_sees_it(database: Database, told: tuple[str, UUID]) -> None:
    email, record = told
    assert on_the_command_line(database, record, "--as", email, "--role", "school_staff", "--purpose", "support").exit_code == 3
    assert on_the_command_line(database, record, "--who", "--role", "analyst").exit_code == 3
    assert on_the_command_line(database, new_id(), "--who").exit_code == 1
    assert on_the_command_line(database, record, "--as", "nobody@example.org").exit_code == 1
    assert on_the_command_line(database, record).exit_code == 2
    assert on_the_command_line(database, "7", "--who").exit_code == 2

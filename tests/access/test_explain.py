"""The explanation agrees with what is shown: for everybody, about every record, on worlds full of both."""

import asyncio
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
from tests.world import CONFIDENTIAL, SENSITIVE, STANDARD, TODAY, Someone, World
from throughline.__main__ import main
from throughline.access import explain as asking
from throughline.access.explain import Unexplainable, explain, practitioner_named, who_can_see
from throughline.access.explain_command import explained_lines, who_lines
from throughline.access.rules import allowed_purposes
from throughline.db.columns import new_id
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


async def test_it_says_exactly_what_the_reader_shows(world: World, portal: Portal) -> None:
    town = await make_town(world)
    await drop_in(town, about=town.child)
    await world.light_touch(town.watching[5][1], town.home)
    await world.connected(town.watching[3][1], town.mother.record_id)
    await world.settle()
    emails = {row["id"]: row["email"] for row in await world.connection.fetch("select id, email from portal.practitioner")}
    compared = 0
    for kind, record in await every_record(world):
        seers = await who_can_see(world.connection, record, TODAY)
        said = {(seer.email, seer.role, seer.purpose): seer.number for seer in seers}
        assert len(said) == len(seers), "everybody once"
        shown: dict[Any, int] = {}
        for who in await practitioners(world):
            for purpose in allowed_purposes(who.role):
                seen = await portal.sees(who, purpose, kind, record)
                explained = await explain(world.connection, who.id, record, who.role, purpose, TODAY)
                assert explained.is_seen is (seen is not None), (kind, who.role, purpose)
                if seen:
                    assert set(explained.numbers) == set(seen.because)
                    shown[emails[who.id], who.role, purpose] = min(seen.because)
                    compared += 1
        assert said.keys() == shown.keys(), kind
    assert compared > 100


async def explained(scene: Scene, record: Any, role: R, purpose: P = P.SUPPORT) -> str:
    await scene.settle()
    one = await explain(scene.world.connection, scene.viewer.id, record, role, purpose, TODAY)
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
    assert "«on roll»" not in sentence
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
    assert [*who_lines(await who_can_see(scene.world.connection, record, TODAY))] == ["Nobody can see it."]


async def test_parts_are_told_apart(stage: Portal) -> None:
    scene = await open_scene(stage, A.LOCAL_AUTHORITY)
    for given in (TEAM, covered(K.SUPPORT_REPORT)):
        await given.arrange(scene, "from today")
    record = await scene.world.report(scene.maker, ([scene.child], STANDARD), ([scene.child, scene.mother], SENSITIVE))
    await scene.settle()
    one = await explain(scene.world.connection, scene.viewer.id, record, R.FAMILY_PRACTITIONER, P.SUPPORT, TODAY)
    assert (one.is_seen, one.open_parts, one.numbers) == (True, (1,), (24,))


async def test_a_light_touch_report_is_explained_by_the_family(stage: Portal) -> None:
    scene = await open_scene(stage, A.LOCAL_AUTHORITY)
    record = await light_touch()(scene)
    said = await explained(scene, record, R.FAMILY_PRACTITIONER)
    assert "missing «household's lead»" in said


async def test_it_says_that_there_is_no_such_thing(world: World) -> None:
    with pytest.raises(Unexplainable, match="no record"):
        await who_can_see(world.connection, new_id(), TODAY)
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


def test_the_command_says_why_and_who(database: Database, told: tuple[str, UUID]) -> None:
    email, record = told
    done = on_the_command_line(database, record, "--as", email)
    assert done.exit_code == 0, done.output
    assert "SUPPORT_REPORT as VOLUNTARY_WORKER for SUPPORT: SEES it" in done.output
    assert "lets in 20: School staff and voluntary workers may see reports they wrote, for SUPPORT." in done.output
    done = on_the_command_line(database, record, "--who")
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "1 ways in.")
    assert f"Vi <{email}>, VOLUNTARY_WORKER for SUPPORT: sentence 19" in done.output


def test_the_command_says_by_its_exit_code_that_nobody_sees_it(database: Database, told: tuple[str, UUID]) -> None:
    email, record = told
    assert on_the_command_line(database, record, "--as", email, "--role", "school_staff", "--purpose", "support").exit_code == 3
    assert on_the_command_line(database, record, "--who", "--role", "analyst").exit_code == 3
    assert on_the_command_line(database, new_id(), "--who").exit_code == 1
    assert on_the_command_line(database, record, "--as", "nobody@example.org").exit_code == 1
    assert on_the_command_line(database, record).exit_code == 2
    assert on_the_command_line(database, "7", "--who").exit_code == 2

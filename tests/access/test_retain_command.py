"""`throughline retain` and `throughline retention`, as an operator meets them; also killed in the middle."""

import asyncio
import csv
import os
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner

from tests.conftest import Database
from tests.world import Human, World
from throughline.__main__ import main
from throughline.access.retaining import BATCH
from throughline.audit.deletion import proved
from throughline.oauth.keys import new_pem
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio

NEEDS = 2 * BATCH + 50
GROWN = """
    insert into portal.need (id, identity_record_id, agency_id, severity, reason, area, from_on, version, sensitivity, made_at)
    select gen_random_uuid(), $1, i.agency_id, 'ADDITIONAL', 'tired', 'Marlbeck', '2000-01-01', 1, 'STANDARD', '2000-01-01'
    from generate_series(1, $2) join portal.identity_record i on i.id = $1
"""
BROKEN = """
    select count(*) from audit.deletion d full join audit.entry e on e.id = d.entry_id and e.verb = 'DELETE'
    where e.id is null or (d.id is null and e.verb = 'DELETE')
"""


@dataclass
class Operator:
    owner_url: str = field(repr=False)
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"], "HOME": str(self.folder), "DATABASE_OWNER_URL": self.owner_url,
            "THROUGHLINE_SECRET": "kR7-wq0Zt5LxuB2vEn9mYpHs4cJd6aFg", "THROUGHLINE_SIGNING_KEY": new_pem().decode(),
            "THROUGHLINE_PUBLIC_URL": "http://127.0.0.1:8080",
        }  # fmt: skip

    async def says(self, *words: str, code: int = 0) -> str:
        """In this process: the command runs an event loop of its own."""
        cleared = dict.fromkeys(("DATABASE_URL", "THROUGHLINE_DATA_DIR"), None)
        done = await asyncio.to_thread(lambda: CliRunner().invoke(main, words, env={**cleared, **self.environment}))
        assert done.exit_code == code, done.output
        return done.output if code == 1 else done.stdout

    def killed_at(self, words: tuple[str, ...], said: str) -> None:
        """-9, as soon as it has said this."""
        command = [sys.executable, "-m", "throughline", *words]
        process = subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        while not (line := process.stderr.readline()).startswith(said):
            assert line, "it ended before it said so"
        process.kill()
        process.communicate()


@pytest.fixture
def operator(database: Database, tmp_path: Path) -> Operator:
    return Operator(database.owner_url, tmp_path)


@pytest.fixture
async def grown(world: World) -> Human:
    """Somebody born in 1990, of whom much was recorded when they were ten."""
    hub = await world.agency(AgencyKind.LOCAL_AUTHORITY, "The hub")
    then = datetime(2000, 1, 1, tzinfo=UTC)
    human = await world.person(hub, "Sara", "Khan", date(1990, 1, 1), made_at=then)
    await world.connection.execute(GROWN, human.record_id, NEEDS)
    await world.settle()
    return human


@pytest.mark.slow
async def test_killed_in_the_middle_nothing_is_half_deleted_and_the_next_run_goes_on(
    world: World, operator: Operator, grown: Human, tmp_path: Path
) -> None:
    listed = tmp_path / "due.csv"
    said = await operator.says("retain", "--dry-run", "--list", str(listed))
    assert f"The hub: NEED: {NEEDS} over, under CHILD: BIRTH + 25 years (" in said
    ids = [UUID(row["unit"]) for row in csv.DictReader(listed.read_text().splitlines())]
    assert len(ids) == len(set(ids)) == NEEDS
    await asyncio.to_thread(operator.killed_at, ("retain", "--apply"), f"records: {BATCH} of")
    left = {row[0] for row in await world.connection.fetch("select id from portal.need")}
    assert len(left) in (NEEDS - BATCH, NEEDS - 2 * BATCH), "whole batches"
    assert await world.connection.fetchval("select count(*) from audit.deletion") == NEEDS - len(left)
    assert await world.connection.fetchval(BROKEN) == 0
    one = next(iter(left))
    assert await operator.says("retention", "prove", str(one)) == "It is still held.\n"
    said = await operator.says("retain", "--apply")
    assert f"NEED: {len(left)} deleted" in said
    assert "PERSON: 1 deleted" in said
    assert await world.connection.fetchval("select count(*) from portal.need") == 0
    assert all([[proof.is_genuine for proof in await proved(world.connection, one)] == [True] for one in ids])
    assert "0 deleted; 0 kept" in await operator.says("retain", "--apply")
    said = await operator.says("retention", "prove", str(one))
    assert said.startswith("NEED deleted on ")
    assert "under CHILD: BIRTH + 25 years (" in said
    assert "Never held" in await operator.says("retention", "prove", str(UUID(int=5)))
    await world.connection.execute("update audit.deletion set kind = 'NONE'")
    assert "NOT GENUINE" in await operator.says("retention", "prove", str(one), code=1)


async def test_a_schedule_is_shown_and_set_and_what_cannot_be_is_refused(world: World, operator: Operator) -> None:
    await world.agency(AgencyKind.LOCAL_AUTHORITY)
    assert "* LEGAL_STATUS CHILD: BIRTH + 75 years. Care Planning" in await operator.says("retention", "show")
    term = ("retention", "set", "--about", "CHILD", "--from", "BIRTH", "--source", "Cabinet, 4 May 2026")
    await operator.says(*term, "--years", "30", "--kind", "support_report", "--area", "Marlbeck")
    assert "Marlbeck SUPPORT_REPORT CHILD: BIRTH + 30 years. Cabinet, 4 May 2026\n" in await operator.says("retention", "show")
    assert "no agency in an area Nowhere" in await operator.says(*term, "--years", "3", "--area", "Nowhere", code=1)
    assert "no kind of record DIARY" in await operator.says(*term, "--years", "3", "--kind", "DIARY", code=1)
    assert "0 to 100" in await operator.says(*term, "--years", "-1", code=1)


async def test_two_privacy_officers_erase_somebody_and_one_alone_does_not(world: World, operator: Operator, grown: Human) -> None:
    hub = await world.agency(AgencyKind.LOCAL_AUTHORITY)
    one, other = [(await world.practitioner(hub, Role.PRIVACY_OFFICER)).id for _ in range(2)]
    teacher = (await world.practitioner(hub, Role.SCHOOL_STAFF)).id
    words = ("retain", "--person", str(grown.person_id), "--because", "Request 17 of 2026", "--as", str(one))
    assert "somebody else" in await operator.says(*words, "--apply", "--approved-by", str(one), code=1)
    assert "no privacy officer in force" in await operator.says(*words, "--apply", "--approved-by", str(teacher), code=1)
    hold = await world.about("legal_hold", hub, grown)
    said = await operator.says(*words, "--apply", "--approved-by", str(other), code=3)
    assert f"0 deleted; {NEEDS + 1} kept by a legal hold." in said
    await world.connection.execute("delete from portal.legal_hold where id = $1", hold)
    said = await operator.says(*words, "--apply", "--approved-by", str(other))
    assert f"NEED: {NEEDS} deleted" in said
    entry = await world.connection.fetchrow("select * from audit.entry where verb = 'DELETE' limit 1")
    assert (entry["actor_id"], entry["operation"].endswith(f" approved by {other}")) == (one, True)

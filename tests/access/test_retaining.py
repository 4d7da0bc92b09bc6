"""What is no longer kept goes whole and leaves a proof; what anybody's schedule or a hold asks for stays whole."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.access import mirror, opened
from tests.audit.trail import Trail
from tests.conftest import Database
from tests.records.case import Case, identity, make_case
from tests.records.conftest import portal as served
from tests.records.portal import Portal
from tests.world import NOW, STANDARD, TODAY, Human, Someone, World
from throughline.access import retaining
from throughline.access.opening import Because
from throughline.access.retaining import Done, Run
from throughline.audit.checkpoint import CheckpointFolder
from throughline.audit.deletion import proved
from throughline.db.columns import new_id
from throughline.db.engine import make_pool
from throughline.records.retention import Term, set_term
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.holder import KIND_HOLDER, SCHOOL_ON_ROLL
from throughline.terms.purpose import Purpose
from throughline.terms.retention import KeptAbout, KeptFrom
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio
portal = served

LATER = date(2037, 1, 1)
"""Adam (2015) is 21, whoever was born in 2010 is 26; whoever was grown has been nobody's case for ten years."""
UPN = "X371200024001"
SHOWN = "supportReport { id version parts { id about { id } } }"
NODE = "query($id: ID!) { node(id: $id) { id } }"
SUPPORT = Purpose.SUPPORT


def run(today: date = LATER, **options: Any) -> Run:
    return Run(new_id(), today, lambda: datetime.now(UTC), b"secret", **options)


async def retained(world: World, today: date = LATER) -> Done:
    return await retaining.apply(world.connection, run(today), lambda *_: None)


async def is_there(world: World, table: str, row_id: object) -> bool:
    return bool(await world.connection.fetchval(f"select exists (select from portal.{table} where id = $1)", UUID(str(row_id))))


async def openings_are_what_the_records_imply(world: World) -> None:
    rows = await opened.Town.read(world.connection, SCHOOL_ON_ROLL, KIND_HOLDER.values())
    stands = await world.connection.fetch(
        "select subject_id, holder_id, because, source_id, kinds, sensitive_kinds, agreed_kinds, purpose from portal.opening "
        "where from_on <= $1 and (until_on is null or until_on >= $1)", TODAY,
    )  # fmt: skip
    assert {tuple(row) for row in stands} == rows.opened(TODAY)


async def known_everywhere(portal: Portal, case: Case) -> tuple[dict[str, str | UUID], dict[str, str | UUID]]:
    """A child of whom every table has something: (ids, words)."""
    world, about = portal.world, identity("OWN-77431", "Zebulonia", "Quillfeather", "2010-01-02")
    about["identity"]["upn"] = UPN
    part = {"about": [about], "whatWasDone": "Played the hurdygurdy."}
    given = {"kindOfSupport": "TALK", "givenOn": "2026-03-10", "delivery": "VISIT", "parts": [part]}
    report = await portal.does(case.lead, SUPPORT, "supportReportSubmit", given, SHOWN)
    person = report["parts"][0]["about"][0]["id"]
    row = await world.connection.fetchrow("select * from portal.identity_record where person_id = $1", UUID(person))
    await world.assigned(case.lead, row["id"])
    amended = {
        "id": report["id"],
        "version": 1,
        "parts": [{"id": report["parts"][0]["id"], "whatWasDone": "Played the glockenspiel."}],
    }
    await portal.does(case.lead, SUPPORT, "supportReportAmend", amended, SHOWN)
    human = Human(UUID(person), row["id"])
    need = await world.about("need", case.lead, human)
    status = await world.enrolled(case.hub, human, case.school, confirmed_by=case.health)
    home = await world.home(case.lead, None, human)
    await world.change("household", home.household_id, label="Quillfeather, 2 Mill Lane")
    position = await world.position(case.lead, case.lead, home, [human], confirmed_by=case.front_door)
    await world.decision(case.hub, [SCHOOL_ON_ROLL], [human], confirmed_by=case.front_door)
    request = await world.rights_request(case.lead, human)
    for taken_out in (need, human.person_id):
        await world.join(
            "left_out",
            request_id=request,
            left_out_id=taken_out,
            agency_id=case.hub,
            sensitivity="STANDARD",
            reason="ENQUIRY",
            at=NOW,
        )
    mark = await world.protected(case.front_door, human, "WHEREABOUTS", [case.lead])
    await looked(world, case.lead, human.person_id, need)
    await world.connected(case.colleague, human.record_id)
    await world.settle()
    key = await world.connection.fetchval(
        "select k.key from portal.search_key k join portal.link_key l using (key) where k.identity_record_id = $1", row["id"]
    )
    ids = {
        "person": human.person_id, "identity record": row["id"], "report": UUID(report["id"]), "part": UUID(report["parts"][0]["id"]),
        "need": need, "enrolment": status, "request": request, "mark": mark, "household": home.household_id, "position": position,
    }  # fmt: skip
    words = {
        "given name": "Zebulonia", "family name": "Quillfeather", "own id": "OWN-77431", "UPN": UPN, "key": key,
        "words": "glockenspiel", "earlier words": "hurdygurdy",
    }  # fmt: skip
    return ids, words


async def test_what_is_over_leaves_no_trace_but_its_proof_and_the_trail_is_whole(
    portal: Portal, database: Database, tmp_path: Path
) -> None:
    world, case = portal.world, await make_case(portal.world)
    ids, words = await known_everywhere(portal, case)
    before = await mirror.found(world.connection, {**ids, **words})
    assert [name for name, places in before.items() if not places - {"audit.entry.seen"}] == [], "the mirror sees what is there"
    assert {"portal.outbox.record_id", "portal.idempotency_key.record_id", "audit.entry.seen"} <= before["report"]
    assert "portal.record_history.body" in before["earlier words"]
    assert {"portal.search_key.key", "portal.link_key.key"} <= before["key"]
    folder, root = CheckpointFolder(tmp_path / "checkpoints"), await asyncpg.connect(database.superuser_url)
    folder.prepare()
    async with make_pool(database.app_url, fewest=1, most=2) as pool:
        trail = Trail(database, folder, pool, root)
        await trail.attest()
        done = await retained(world)
        await trail.attest()
        await trail.whole()
    await root.close()
    assert (done.left, done.held) == (0, 0)
    after = await mirror.found(world.connection, {**ids, **words})
    assert {name: after[name] for name in words} == {name: set() for name in words}
    assert set().union(*after.values()) <= {"audit.entry.seen"}, (
        "of ids alone, which now lead nowhere, the trail keeps what it said"
    )
    assert await is_there(world, "person", case.adam.person_id)
    await openings_are_what_the_records_imply(world)
    for name in ("person", "identity record", "report", "part", "need"):
        (proof,) = await proved(world.connection, UUID(str(ids[name])))
        assert (proof.is_genuine, proof.is_sealed) == (True, True)
    assert proof.proof.schedule.startswith("CHILD: BIRTH + 25 years (")
    assert await proved(world.connection, case.adam.person_id) == await proved(world.connection, new_id()) == []
    assert await portal.ask(case.lead, SUPPORT, NODE, id=str(ids["report"])) == {"node": None}


async def test_a_proof_that_somebody_changes_or_makes_up_is_not_genuine(world: World) -> None:
    hub = await world.agency(AgencyKind.LOCAL_AUTHORITY)
    one, other = [await world.person(hub, name, "Khan", date(2009, 1, 1)) for name in ("Sara", "Noor")]
    assert (await retained(world)).deleted == {"PERSON": 2, "IDENTITY_RECORD": 2}
    assert [proof.is_genuine for proof in await proved(world.connection, one.person_id)] == [True]
    await world.connection.execute("update audit.deletion set schedule = 'whatever we like' where record_digest = sha256(salt || uuid_send($1))",
                                   other.person_id)  # fmt: skip
    assert [proof.is_genuine for proof in await proved(world.connection, one.person_id)] == [False]
    made_up = new_id()
    await world.connection.execute(
        "insert into audit.deletion select gen_random_uuid(), gen_random_uuid(), agency_id, kind, schedule, at, salt, "
        "sha256(salt || uuid_send($1)), content_digest from audit.deletion limit 1", made_up,
    )  # fmt: skip
    assert [proof.is_genuine for proof in await proved(world.connection, made_up)] == [False]


async def looked(world: World, who: Someone, *rows: UUID) -> None:
    """Somebody was shown these, and an officer is to look at that."""
    for row in rows:
        await world.connection.execute(
            "insert into audit.shown (row_id, hour, actor_id, purpose, agency_id) values ($1, $2, $3, 'SUPPORT', $4)",
            row, NOW, who.id, who.agency_id,
        )  # fmt: skip
    await world.add(
        "unusual_access", agency_id=who.agency_id, kind="OWN_FAMILY", actor_id=who.id, person_id=rows[0], on_day=TODAY, count=1,
        raised_at=NOW, finding="MISUSE",
    )  # fmt: skip


@pytest.fixture
async def sisters(world: World) -> tuple[Human, Human, dict[str, UUID]]:
    """One is 26 then and the other 18; what is about the one, about the other, and about both."""
    hub = await world.agency(AgencyKind.LOCAL_AUTHORITY)
    officer = await world.practitioner(hub, Role.PRIVACY_OFFICER)
    grown, young = [await world.person(hub, name, "Khan", date(year, 1, 1)) for name, year in (("Sara", 2010), ("Noor", 2018))]
    home = await world.home(hub, None, grown, young)
    report = await world.report(officer, ([grown], STANDARD), ([young], STANDARD), ([grown, young], STANDARD))
    parts = [row[0] for row in await world.connection.fetch("select id from portal.support_report_part order by ordinal")]
    made = {
        "report": report, "hers": parts[0], "the other's": parts[1], "both's": parts[2], "household": home.household_id,
        "need": await world.about("need", hub, grown), "other need": await world.about("need", hub, young),
        "address": await world.about("address", hub, grown, is_confidential=True),
        "mark": await world.protected(officer, grown, "WHEREABOUTS", [officer]), "related": await world.related(hub, grown, young),
        "decision": await world.decision(hub, [hub], [grown, young]), "hub": hub, "officer": officer.id,
    }  # fmt: skip
    await world.settle()
    return grown, young, made


TABLES = {
    "report": "support_report", "hers": "support_report_part", "the other's": "support_report_part", "both's": "support_report_part",
    "need": "need", "other need": "need", "address": "address", "mark": "protection", "related": "relationship", "decision": "sharing_decision",
}  # fmt: skip


async def gone(world: World, made: dict[str, UUID]) -> set[str]:
    return {name for name, table in TABLES.items() if not await is_there(world, table, made[name])}


async def test_what_names_several_is_kept_as_long_as_it_is_asked_for_any(
    world: World, sisters: tuple[Human, Human, dict[str, UUID]]
) -> None:
    grown, _, made = sisters
    await retained(world)
    assert await gone(world, made) == {"hers", "need"}, (
        "a part goes by itself; who she is and where she lives stays with what is left"
    )
    assert await is_there(world, "person", grown.person_id)
    await openings_are_what_the_records_imply(world)
    await retained(world, date(2043, 1, 1))
    assert await gone(world, made) == {"hers", "need"}, "kept on the 25th birthday itself"
    assert (await retained(world, date(2043, 1, 2))).left == 0
    assert await gone(world, made) == set(TABLES)
    for table in ("person", "identity_record", "household", "family", "search_key", "opening", "record_history"):
        assert await world.connection.fetchval(f"select count(*) from portal.{table}") == 0, table


async def test_a_hold_on_one_keeps_what_names_another_beside(world: World, sisters: tuple[Human, Human, dict[str, UUID]]) -> None:
    _, young, made = sisters
    hold = await world.about("legal_hold", made["hub"], young, kinds=["SUPPORT_REPORT"])
    far = date(2050, 1, 1)
    done = await retained(world, far)
    assert await gone(world, made) == {"hers", "need", "other need", "related"}, (
        "what ends sharing goes last: the decision waits too"
    )
    assert done.held > 0
    assert await is_there(world, "person", young.person_id)
    assert await is_there(world, "legal_hold", hold)
    await world.change("legal_hold", hold, until_on=date(2050, 1, 1), lifted_because="It is over")
    await retained(world, far)
    assert "report" not in await gone(world, made), "its last day holds too"
    await retained(world, date(2051, 1, 1))
    assert await gone(world, made) == set(TABLES)
    assert not await is_there(world, "legal_hold", hold)


async def test_a_schedule_of_the_area_and_the_kind_goes_before_that_of_all(
    world: World, sisters: tuple[Human, Human, dict[str, UUID]]
) -> None:
    _, _, made = sisters
    term = Term("Marlbeck", "NEED", KeptAbout.CHILD, KeptFrom.BIRTH, 30, "The council")
    await set_term(world.connection, term, NOW)
    await retained(world)
    assert await gone(world, made) == {"hers"}
    await set_term(world.connection, replace(term, area="*", years=5), NOW)
    await retained(world)
    assert await gone(world, made) == {"hers"}, "the area's own comes first"
    await set_term(world.connection, replace(term, years=19), NOW)
    await retained(world)
    assert await gone(world, made) == {"hers", "need"}


async def test_one_person_is_erased_whatever_the_schedule_says_and_no_wall_falls(
    world: World, sisters: tuple[Human, Human, dict[str, UUID]]
) -> None:
    grown, young, made = sisters
    hub = made["hub"]
    uncle = await world.practitioner(hub, Role.POLICE_OFFICER)
    await world.connected(uncle, grown.record_id)
    await world.settle()
    file = await world.add("imported_file", agency_id=hub, sha256="x", begun_at=NOW, content=b"<CTfile/>")
    walled = "select subject_id from portal.opening where because = $1 and holder_id = $2"
    before = {row[0] for row in await world.connection.fetch(walled, Because.CONNECTED, uncle.id)}
    assert before == {grown.record_id, young.record_id}
    needles: dict[str, str | UUID] = {"person": grown.person_id, "record": grown.record_id, "name": "Sara"}
    assert all((await mirror.found(world.connection, needles)).values())
    hold = await world.about("legal_hold", hub, young, kinds=["SUPPORT_REPORT"])
    wanted = run(TODAY, because="erasure: request 17 of 2026", actor_id=made["officer"])
    hidden = {row[0] for row in await world.connection.fetch(_HIDDEN, Because.HIDDEN_PLACE)}
    assert hidden == {grown.record_id, young.record_id, made["household"]}
    await looked(world, uncle, grown.person_id, grown.record_id)
    done = await retaining.erase(world.connection, wanted, grown.person_id, is_dry=True)
    assert (await gone(world, made), done.held) == (set(), 1)
    done = await retaining.erase(world.connection, wanted, grown.person_id)
    assert (await gone(world, made), done.held) == ({"hers", "need", "address", "mark", "related"}, 1), (
        "what a hold keeps stays, and who she is"
    )
    assert await is_there(world, "person", grown.person_id)
    await world.change("legal_hold", hold, until_on=TODAY, lifted_because="It is over")
    done = await retaining.erase(world.connection, replace(wanted, today=date(2026, 3, 12)), grown.person_id)
    assert (await gone(world, made), done.held) == ({"hers", "need", "address", "mark", "related", "both's"}, 0)
    assert not any((await mirror.found(world.connection, needles)).values())
    assert await world.connection.fetchval("select content from portal.imported_file where id = $1", file) is None
    assert await world.connection.fetchval("select finding from portal.unusual_access where actor_id = $1", uncle.id) == "MISUSE"
    assert await world.connection.fetchval("select count(*) from audit.shown") == 0
    assert young.record_id in {row[0] for row in await world.connection.fetch(_HIDDEN, Because.HIDDEN_PLACE)}
    (reader,) = await world.connection.fetch("select practitioner_id from portal.protection_reader")
    assert reader["practitioner_id"] == made["officer"]
    assert {row[0] for row in await world.connection.fetch(walled, Because.CONNECTED, uncle.id)} == {young.record_id}
    await openings_are_what_the_records_imply(world)
    (proof,) = await proved(world.connection, grown.person_id)
    assert proof.proof.schedule == "erasure: request 17 of 2026"


@pytest.mark.parametrize("kept_too", [False, True], ids=["she is nobody's to keep", "another custodian keeps her"])
async def test_why_it_was_shared_is_not_hidden_with_somebody_who_was_protected_and_is_erased(
    world: World, sisters: tuple[Human, Human, dict[str, UUID]], kept_too: bool
) -> None:
    """Nor are the words told to anybody who could not read them before. With both of two custodians, nobody had."""
    grown, young, made = sisters
    council, county = [await world.agency(AgencyKind.LOCAL_AUTHORITY) for _ in range(2)]
    reason = await world.reason(made["hub"], [grown, young], note="Sara hides.")
    await world.change("sharing_reason", reason, note="Sara hides at her aunt's.")
    earlier = "select count(*) from portal.record_history where record_id = $1"
    assert await world.connection.fetchval(earlier, reason) == 1
    await world.protected(council, grown)
    if kept_too:
        await world.protected(county, young)
    await world.settle()
    await retaining.erase(world.connection, run(TODAY, because="erasure", actor_id=made["officer"]), grown.person_id)
    row = await world.connection.fetchrow("select * from portal.sharing_reason where id = $1", reason)
    assert row["custodian_id"] == (county if kept_too else None)
    assert (row["explanation"], row["note"], row["without_agreement"]) == ("Erased with somebody whom it named.", None, "CRIME")
    assert await world.connection.fetchval(earlier, reason) == 0


async def test_why_it_was_shared_keeps_its_words_where_nobody_it_named_was_protected(
    world: World, sisters: tuple[Human, Human, dict[str, UUID]]
) -> None:
    grown, young, made = sisters
    reason = await world.reason(made["hub"], [grown, young])
    await world.settle()
    await retaining.erase(world.connection, run(TODAY, because="erasure", actor_id=made["officer"]), grown.person_id)
    assert (
        await world.connection.fetchval("select explanation from portal.sharing_reason where id = $1", reason)
        == "The officer said so."
    )


_HIDDEN = "select distinct subject_id from portal.opening where because = $1"


async def test_of_looks_nobody_is_told_after_six_years(world: World) -> None:
    hub = await world.agency(AgencyKind.LOCAL_AUTHORITY)
    worker, kept = (
        await world.practitioner(hub, Role.FAMILY_PRACTITIONER),
        await world.person(hub, "Sara", "Khan", date(2025, 1, 1)),
    )
    await world.about("need", hub, kept)
    await looked(world, worker, kept.person_id)
    assert (await retained(world, date(2032, 3, 10))).looks == 0
    assert await world.connection.fetchval("select count(*) from audit.shown") == 1
    assert (await retained(world, date(2032, 3, 12))).looks == 1
    assert await world.connection.fetchval("select count(*) from audit.shown") == 0


async def test_the_app_itself_deletes_nothing_and_reads_no_proof(world: World, database: Database) -> None:
    app = await asyncpg.connect(database.app_url)
    for statement in ("delete from portal.need", "delete from portal.legal_hold", "select from audit.deletion",
                      "select from portal.retention_schedule", "insert into audit.deletion default values"):  # fmt: skip
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute(statement)
    await app.close()

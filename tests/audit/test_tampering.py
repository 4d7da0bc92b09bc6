"""Eight kinds of tampering with sealed rows, by somebody whom nothing in the database can stop. Each is found, and where."""

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest

from tests.audit.trail import Trail, at, between, kinds
from throughline.audit.findings import Findings
from throughline.audit.seal import COLUMNS

pytestmark = pytest.mark.anyio

RECHAIN = """
    with recursive chain as (
      select s.position, coalesce(b.hash, decode(repeat('00', 32), 'hex')) as hash from (select $2::bigint - 1 as position) s
        left join audit.seal b on b.shard = $1 and b.position = s.position
      union all
      select c.position + 1, sha256(c.hash || int2send($1::smallint) || int8send(c.position + 1) || app.trail_bytes(e))
        from chain c join audit.seal s on s.shard = $1 and s.position = c.position + 1 join audit.entry e on e.id = s.entry_id)
    update audit.seal s set hash = c.hash from chain c where s.shard = $1 and s.position = c.position and s.position >= $2"""
"""What somebody does who knows how sealing works: every hash of a shard made anew from a position on."""


async def entry_of(trail: Trail, shard: int, position: int) -> UUID:
    found: UUID = await trail.root.fetchval("select entry_id from audit.seal where shard = $1 and position = $2", shard, position)
    return found


async def middle(trail: Trail) -> tuple[UUID, int, int]:
    """An entry sealed between the first and the second checkpoint; the next of its shard was written by another transaction."""
    row = await trail.root.fetchrow(
        """select entry_id, shard, position from (
             select s.*, row_number() over (order by xid, entry_id) as n from audit.seal s) x
           where n between 45 and 75 and exists (
             select from audit.seal y where y.shard = x.shard and y.position = x.position + 1 and y.xid <> x.xid)
           order by n limit 1"""
    )
    return row["entry_id"], row["shard"], row["position"]


async def edit(trail: Trail) -> None:
    entry, shard, position = await middle(trail)
    await trail.root.execute("update audit.entry set outcome = 'ABSENT' where id = $1", entry)
    found = at((await trail.verify()).findings.kept, "CHANGED", shard, position)
    assert (found.entry_id, found.count, between(found)) == (entry, 1, (1, 2))


async def delete(trail: Trail) -> None:
    entry, shard, position = await middle(trail)
    await trail.root.execute("delete from audit.entry where id = $1", entry)
    report = await trail.verify()
    found = at(report.findings.kept, "MISSING", shard, position)
    assert (found.entry_id, between(found), report.findings.total) == (entry, (1, 2), 1)


async def delete_with_its_seal(trail: Trail) -> None:
    entry, shard, position = await middle(trail)
    await trail.root.execute("delete from audit.entry where id = $1", entry)
    await trail.root.execute("delete from audit.seal where entry_id = $1", entry)
    report = await trail.verify()
    assert between(at(report.findings.kept, "SEAL_MISSING", shard, position)) == (1, 2)
    assert report.findings.total == 1


async def delete_and_close_the_gap(trail: Trail) -> None:
    entry, shard, position = await middle(trail)
    await delete_quietly(trail, entry, shard, position)
    report = await trail.verify()
    found = at(report.findings.kept, "REWRITTEN", shard, position)
    assert between(found) == (1, 2)
    assert {one.shard for one in report.findings.kept} == {shard}


async def delete_quietly(trail: Trail, entry: UUID, shard: int, position: int) -> None:
    await trail.root.execute("delete from audit.entry where id = $1", entry)
    await trail.root.execute("delete from audit.seal where entry_id = $1", entry)
    await trail.root.execute("update audit.seal set position = -position where shard = $1 and position > $2", shard, position)
    await trail.root.execute("update audit.seal set position = -position - 1 where shard = $1 and position < 0", shard)
    await trail.root.execute(RECHAIN, shard, position)


async def insert(trail: Trail) -> None:
    like, _, _ = await middle(trail)
    made = uuid4()
    columns = ", ".join(COLUMNS[1:])
    await trail.root.execute(
        f"insert into audit.entry (id, {columns}) select $1, {columns} from audit.entry where id = $2", made, like
    )
    report = await trail.verify()
    (found,) = report.findings.kept
    assert (found.wrong.name, found.entry_id, between(found)) == ("UNSEALED", made, (1, 2))
    assert found.shard == made.bytes[15] & 7


async def reorder_entries(trail: Trail) -> None:
    entry, shard, position = await middle(trail)
    other = await entry_of(trail, shard, position + 1)
    await trail.root.execute(
        "update audit.entry e set xid = o.xid from audit.entry o where (e.id, o.id) in (($1, $2), ($2, $1))", entry, other
    )
    report = await trail.verify()
    assert {one.shard for one in report.findings.kept} == {shard}
    assert {entry, other} <= {one.entry_id for one in report.findings.kept} | {one.last_entry_id for one in report.findings.kept}


async def reorder_seals(trail: Trail) -> None:
    entry, shard, position = await middle(trail)
    await trail.root.execute(
        """update audit.seal s set xid = o.xid, entry_id = o.entry_id from audit.seal o
           where s.shard = $1 and o.shard = $1 and (s.position, o.position) in (($2::bigint, $2 + 1), ($2 + 1, $2))""", shard, position,
    )  # fmt: skip
    found = at((await trail.verify()).findings.kept, "MISPLACED", shard, position)
    assert found.before
    assert found.entry_id != entry


async def cut_short(trail: Trail) -> None:
    last = await trail.root.fetch("select entry_id, shard, position from audit.seal order by xid desc, entry_id desc limit 10")
    gone = [row["entry_id"] for row in last]
    for table, column in (("entry", "id"), ("seal", "entry_id")):
        await trail.root.execute(f"delete from audit.{table} where {column} = any ($1)", gone)
    report = await trail.verify()
    assert kinds(report) == {"CUT_SHORT"}
    for row in last:
        assert between(at(report.findings.kept, "CUT_SHORT", row["shard"], row["position"])) == (2, 3)


async def empty(trail: Trail) -> None:
    await trail.root.execute("truncate audit.entry, audit.seal")
    report = await trail.verify()
    assert kinds(report) == {"CUT_SHORT"}
    assert {one.shard for one in report.findings.kept} == set(range(8))


async def rewrite_a_shard(trail: Trail) -> None:
    entry, shard, position = await middle(trail)
    await trail.root.execute("update audit.entry set actor_id = $2 where id = $1", entry, uuid4())
    await trail.root.execute(RECHAIN, shard, position)
    report = await trail.verify()
    (found,) = report.findings.kept
    assert (found.wrong.name, found.shard, between(found)) == ("REWRITTEN", shard, (1, 2))
    at([found], "REWRITTEN", shard, position)


async def swap_shards(trail: Trail) -> None:
    await trail.root.execute("update audit.seal set shard = case shard when 2 then 102 when 5 then 105 end where shard in (2, 5)")
    await trail.root.execute("update audit.seal set shard = case shard when 102 then 5 when 105 then 2 end where shard > 100")
    report = await trail.verify()
    assert {found.shard for found in report.findings.kept} == {2, 5}
    for shard in (2, 5):
        at(report.findings.kept, "MISPLACED", shard, 1)


async def restore_an_old_backup(trail: Trail) -> None:
    await trail.root.execute(
        """create temporary table old as select entry_id as id from (
             select entry_id, row_number() over (order by xid, entry_id) as n from audit.seal) x where n <= 80"""
    )
    await trail.root.execute("delete from audit.entry where id not in (select id from old)")
    await trail.root.execute("delete from audit.seal where entry_id not in (select id from old)")
    report = await trail.verify()
    assert kinds(report) == {"CUT_SHORT"}
    assert {between(found) for found in report.findings.kept} == {(2, 3)}


async def restore_an_old_backup_and_go_on(trail: Trail) -> None:
    await restore_an_old_backup(trail)
    await trail.write(5, transactions=20)
    await trail.attest()
    report = await trail.verify()
    assert "REWRITTEN" in kinds(report)
    assert {between(found) for found in report.findings.kept if found.wrong.name == "REWRITTEN"} == {(2, 3)}


Tampering = Callable[[Trail], Awaitable[None]]


@pytest.mark.parametrize(
    "tampering",
    [
        edit, delete, delete_with_its_seal, delete_and_close_the_gap, insert, reorder_entries, reorder_seals, cut_short, empty,
        rewrite_a_shard, swap_shards, restore_an_old_backup, restore_an_old_backup_and_go_on,
    ],
)  # fmt: skip
async def test_each_kind_of_tampering_is_found_and_located(attested: Trail, tampering: Tampering) -> None:
    await attested.whole()
    await tampering(attested)


async def test_no_column_of_an_entry_can_be_changed(attested: Trail) -> None:
    entry, shard, position = await middle(attested)
    for column in COLUMNS:
        kind = await attested.root.fetchval(
            "select format_type(atttypid, null) from pg_attribute where attrelid = 'audit.entry'::regclass and attname = $1", column
        )
        other = {"uuid": "gen_random_uuid()", "xid8": "'5'", "text": "''", "bytea": r"'\x00'", "timestamp with time zone": "now()"}
        assert (await attested.verify()).is_whole, column
        async with attested.root.transaction():
            await attested.root.execute("create table public.kept as select * from audit.entry where id = $1", entry)
            await attested.root.execute(f"update audit.entry set {column} = {other[kind]} where id = $1", entry)
        report = await attested.verify()
        assert not report.is_whole, column
        assert any(found.shard == shard and found.position == position for found in report.findings.kept), column
        async with attested.root.transaction():
            await attested.root.execute(
                "delete from audit.entry where id not in (select entry_id from audit.seal) or id = $1", entry
            )
            await attested.root.execute("insert into audit.entry select * from public.kept")
            await attested.root.execute("drop table public.kept")


async def test_nothing_and_an_empty_value_are_two_things(attested: Trail) -> None:
    absent = await attested.root.fetchval("select id from audit.entry where terms is null limit 1")
    await attested.root.execute("update audit.entry set terms = '' where id = $1", absent)
    assert kinds(await attested.verify()) == {"CHANGED"}


async def test_what_is_moved_from_one_column_to_the_next_is_found(attested: Trail) -> None:
    entry, shard, position = await middle(attested)
    await attested.root.execute("update audit.entry set role = role || purpose, purpose = '' where id = $1", entry)
    at((await attested.verify()).findings.kept, "CHANGED", shard, position)


async def test_a_row_written_twice_is_found(attested: Trail) -> None:
    entry, _, _ = await middle(attested)
    await attested.root.execute("alter table audit.entry drop constraint pk_entry")
    await attested.root.execute("insert into audit.entry select * from audit.entry where id = $1", entry)
    (found,) = (await attested.verify()).findings.kept
    assert (found.wrong.name, found.entry_id) == ("UNSEALED", entry)


async def test_rows_that_a_policy_hides_from_the_owner_are_missed(attested: Trail) -> None:
    """A superuser can blind the owner. What is not shown counts as gone."""
    entry, shard, position = await middle(attested)
    await attested.root.execute(f"create policy hidden on audit.entry as restrictive using (id <> '{entry}')")
    at((await attested.verify()).findings.kept, "MISSING", shard, position)


async def test_the_databases_own_functions_are_not_asked(attested: Trail) -> None:
    entry, shard, position = await middle(attested)
    told = await attested.root.fetchval("select app.trail_bytes(e) from audit.entry e where id = $1", entry)
    await attested.root.execute("update audit.entry set outcome = 'ABSENT' where id = $1", entry)
    await attested.root.execute(
        f"create or replace function app.trail_bytes(e audit.entry) returns bytea language sql immutable return '\\x{told.hex()}'::bytea"
    )
    at((await attested.verify()).findings.kept, "CHANGED", shard, position)


async def test_what_was_sealed_after_the_last_checkpoint_is_followed_too(attested: Trail) -> None:
    late = (await attested.write(1))[0]
    await attested.seal()
    report = await attested.whole()
    assert report.unattested == 1
    await attested.root.execute("update audit.entry set verb = 'x' where id = $1", late)
    (found,) = (await attested.verify()).findings.kept
    assert (found.wrong.name, found.entry_id, between(found)) == ("CHANGED", late, (3, None))


async def test_a_trail_that_no_checkpoint_attests_is_not_whole(trail: Trail) -> None:
    await trail.write(3)
    assert (await trail.verify()).is_whole  # nothing is sealed yet, so nothing can be attested
    await trail.seal()
    assert kinds(await trail.verify()) == {"NO_CHECKPOINT"}


async def test_a_long_run_of_one_fault_is_one_finding(attested: Trail) -> None:
    await attested.root.execute("update audit.entry set verb = 'x'")
    report = await attested.verify()
    assert report.findings.total == 120
    assert sorted(found.shard or 0 for found in report.findings.kept) == list(range(8))
    assert sum(found.count for found in report.findings.kept) == 120


def test_findings_are_kept_in_bounds_and_counted() -> None:
    from throughline.audit.findings import MOST, Finding, Wrong

    findings = Findings()
    for number in range(3 * MOST):
        findings.add(Finding(Wrong.CHANGED, 0, 2 * number, 2 * number))
    assert (len(findings.kept), findings.total) == (MOST, 3 * MOST)

"""Checkpoints: what is signed, what a crash leaves of it, and what somebody who reaches the files could do."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.audit.trail import Trail, kinds
from throughline.audit.checkpoint import (
    ALGORITHM,
    CheckpointError,
    CheckpointFolder,
    UnreadableCheckpoint,
    is_genuine,
    keys_from,
    read,
    signed,
)
from throughline.audit.seal import START
from throughline.oauth.keys import from_pem, new_pem
from throughline.oauth.scope import Scope
from throughline.oauth.tokens import TokenError, TokenMint, TokenVerifier
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio


def lines(trail: Trail) -> list[bytes]:
    return trail.file().read_bytes().splitlines()


def rewrite(trail: Trail, changed: list[bytes]) -> None:
    trail.file().write_bytes(b"".join(line + b"\n" for line in changed))


async def test_a_line_says_where_every_shard_ends(attested: Trail) -> None:
    first, second, third = map(read, lines(attested))
    assert [first.total, second.total, third.total] == [40, 80, 120]
    assert [first.number, second.number, third.number] == [1, 2, 3]
    heads = await attested.root.fetch("select distinct on (shard) position, hash from audit.seal order by shard, position desc")
    assert [(head.position, head.hash) for head in third.heads] == [tuple(row) for row in heads]
    assert first.previous == START
    assert (await attested.whole()).attested.count == 3


async def test_files_are_for_their_owner_and_one_a_month(attested: Trail) -> None:
    assert attested.file().name == "2026-11.checkpoints"
    assert attested.file().stat().st_mode & 0o077 == 0
    attested.now = datetime(2026, 12, 1, tzinfo=UTC)
    await attested.attest()
    attested.now = datetime(2026, 11, 30, tzinfo=UTC)  # a clock that went back opens no earlier file
    await attested.attest()
    assert [(path.name, len(path.read_bytes().splitlines())) for path in attested.folder.files()] == [
        ("2026-11.checkpoints", 3),
        ("2026-12.checkpoints", 2),
    ]
    assert (await attested.whole()).attested.count == 5


@pytest.mark.parametrize("kept", [0, 1, 400, -1, -2, -50])
async def test_a_torn_line_is_closed_and_the_chain_goes_on(attested: Trail, kept: int) -> None:
    """`kept`: bytes of the fourth line that reached the disk; -1: all but the end of the line."""
    await attested.attest()
    whole = attested.file().read_bytes()
    start = len(b"".join(line + b"\n" for line in lines(attested)[:3]))
    torn = whole[:start] + (whole[start:kept] if kept < 0 else whole[start : start + kept])
    attested.file().write_bytes(torn)
    before = await attested.whole()
    assert before.attested.torn == (0 if kept in (0, -1) else 1)
    await attested.write(5)
    await attested.attest()
    assert attested.file().read_bytes().startswith(torn)  # nothing is ever overwritten
    after = await attested.whole()
    assert (after.attested.last and after.attested.last.number) == (5 if kept == -1 else 4)
    assert after.verified == 125


async def test_another_key_does_not_count(attested: Trail) -> None:
    other = new_pem().decode()
    report = await attested.verify(keys=keys_from(other))
    assert kinds(report) == {"NOT_GENUINE", "NO_CHECKPOINT"}
    assert report.attested.count == 0
    assert (await attested.verify(keys=keys_from(other, attested.pem))).is_whole  # a key that was rotated


async def test_a_checkpoint_forged_with_another_key_is_found(attested: Trail) -> None:
    """Somebody rewrites the trail, and adds a checkpoint of what they made of it."""
    await attested.root.execute("truncate audit.entry, audit.seal")
    assert await attested.sealer(pem=new_pem().decode()).checkpoint()
    report = await attested.verify()
    assert {"NOT_GENUINE", "CUT_SHORT"} <= kinds(report)


async def test_a_checkpoint_of_the_trail_as_it_was_made_is_found_too(attested: Trail) -> None:
    """An old backup, and a sealer that went on with the right key."""
    await attested.root.execute("truncate audit.entry, audit.seal")
    await attested.attest()
    report = await attested.verify()
    assert {"WENT_BACK", "CUT_SHORT"} <= kinds(report)
    (found,) = (one for one in report.findings.kept if one.wrong.name == "WENT_BACK")
    assert found.after
    assert found.before
    assert (found.after.number, found.before.number) == (3, 4)


@pytest.mark.parametrize("taken", [0, 1])
async def test_a_line_that_was_taken_away_is_missed(attested: Trail, taken: int) -> None:
    left = lines(attested)
    del left[taken]
    rewrite(attested, left)
    report = await attested.verify()
    assert kinds(report) == {"CHECKPOINTS_MISSING"}
    assert report.findings.kept[0].where == f"2026-11.checkpoints, line {taken + 1}"


async def test_lines_in_another_order_or_twice_are_found(attested: Trail) -> None:
    one, two, three = lines(attested)
    for changed in ([one, three, two], [one, two, two, three], [one, two, three, one]):
        rewrite(attested, changed)
        assert "CHECKPOINTS_MISSING" in kinds(await attested.verify())
    rewrite(attested, [one, two, three])
    await attested.whole()


async def test_a_line_that_was_changed_is_found(attested: Trail) -> None:
    original = lines(attested)
    for place in range(0, len(original[1]), 97):
        changed = bytearray(original[1])
        changed[place] = ord("A") if changed[place] != ord("A") else ord("B")
        rewrite(attested, [original[0], bytes(changed), original[2]])
        assert not (await attested.verify()).is_whole, place


async def test_a_checkpoint_is_no_token_and_a_token_no_checkpoint(trail: Trail) -> None:
    keys = from_pem(trail.pem.encode())
    settings = {"issuer": "https://early.example", "audience": "https://early.example/graphql", "keys": keys}
    token = TokenMint(**settings).mint("practitioner:1", "c", Scope(Role.TRIAGE_WORKER, Purpose.TRIAGE))  # type: ignore[arg-type]
    assert not is_genuine(token.encode(), trail.keys)
    with pytest.raises(UnreadableCheckpoint):
        read(token.encode())
    await trail.attest()
    with pytest.raises(TokenError):
        TokenVerifier(**settings).verify(lines(trail)[0].decode())  # type: ignore[arg-type]
    checkpoint = read(lines(trail)[0])
    assert is_genuine(signed(checkpoint, keys.current), trail.keys)  # the control


def test_keys_come_as_pem_or_as_a_set(tmp_path: Path) -> None:
    pem = new_pem().decode()
    keys = from_pem(pem.encode())
    as_set = json.dumps(keys.jwks())
    public = keys.current.as_pem(private=False).decode()
    assert set(keys_from(pem)) == set(keys_from(as_set)) == set(keys_from(public)) == {keys.kid}
    for nonsense in ("", "nonsense", "{}", '{"keys": [{"kty": "oct", "k": "AAAA"}]}'):
        with pytest.raises(CheckpointError):
            keys_from(nonsense)
    assert ALGORITHM == "ES256"


async def test_one_writes_at_a_time(attested: Trail) -> None:
    other = CheckpointFolder(attested.folder.folder)
    with other.turn() as is_ours:
        assert is_ours
        assert not await attested.sealer().checkpoint()
    assert await attested.sealer().checkpoint()


async def test_two_servers_may_keep_a_folder_each(attested: Trail, tmp_path: Path) -> None:
    elsewhere = CheckpointFolder(tmp_path / "elsewhere")
    elsewhere.prepare()
    await attested.sealer(folder=elsewhere.folder).checkpoint()
    await attested.whole()
    attested.folder = elsewhere
    assert (await attested.whole()).attested.count == 1


async def test_since_believes_the_checkpoint_before_and_reads_the_rest(attested: Trail) -> None:
    in_order = await attested.root.fetch("select entry_id from audit.seal order by xid, entry_id")
    old, new = in_order[0]["entry_id"], in_order[-1]["entry_id"]
    since = read(lines(attested)[1]).at
    report = await attested.verify(since=since)
    assert (report.verified, report.since and report.since.number) == (40, 2)
    await attested.root.execute("update audit.entry set verb = 'x' where id = $1", old)
    assert (await attested.verify(since=since)).is_whole
    await attested.root.execute("update audit.entry set verb = 'x' where id = $1", new)
    assert kinds(await attested.verify(since=since)) == {"CHANGED"}


async def test_since_still_needs_the_heads_that_it_believes(attested: Trail) -> None:
    since = read(lines(attested)[1]).at
    await attested.root.execute("update audit.seal set hash = sha256(hash) where position = 1")
    report = await attested.verify(since=since)
    short = {shard for shard, head in enumerate(read(lines(attested)[1]).heads) if head.position == 1}
    assert {found.shard for found in report.findings.kept if found.wrong.name == "REWRITTEN"} == short
    await attested.root.execute("update audit.seal set hash = sha256(hash)")
    assert "REWRITTEN" in kinds(await attested.verify(since=since))


async def test_a_checkpoint_that_comes_while_we_verify_raises_no_alarm(attested: Trail) -> None:
    """What was written after the files were measured is left for the next time."""
    extent = attested.folder.extent()
    await attested.write(5)
    await attested.attest()
    assert len(list(attested.folder.lines(extent))) == 3
    assert len(list(attested.folder.lines(attested.folder.extent()))) == 4


def test_what_cannot_be_written_is_raised(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="Not a directory"):
        CheckpointFolder(tmp_path / "file" / "checkpoints").prepare()


def test_a_thrown_away_trails_checkpoints_are_put_aside(tmp_path: Path) -> None:
    folder = CheckpointFolder(tmp_path / "checkpoints")
    folder.prepare()
    folder.put_aside(datetime(2026, 11, 23, tzinfo=UTC))
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoints"]  # there was nothing to keep
    folder.add(b"line", "2026-11")
    folder.put_aside(datetime(2026, 11, 23, tzinfo=UTC))
    assert os.listdir(tmp_path) == ["checkpoints.until-20261123-000000"]

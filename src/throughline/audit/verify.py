"""Verifies the trail from its rows and from the checkpoints, in one pass and in constant memory.

Entries come in the order of commit, and the seals of each shard in theirs; the two must tell the same story, entry by entry. At
each checkpoint the heads must be those that it attests. Where something does not fit, the walk notes it and goes on from the seal
that is there, so that one fault is found once. Nothing but built-in functions of the database is asked.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from throughline.audit.attested import Attested
from throughline.audit.checkpoint import Checkpoint, CheckpointFolder, Head, Keys, place
from throughline.audit.findings import Finding, Findings, Mark, Wrong
from throughline.audit.seal import COLUMNS, SHARDS, entry_bytes, sealed, shard_of

ROWS_AT_ONCE = 2000
PROGRESS_SECONDS = 2.0
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_SEND = {"id": "uuid_send", "xid": "xid8send", "at": "timestamptz_send", "agency_id": "uuid_send", "actor_id": "uuid_send"}
_AS_IT_IS = ("seen", "terms")
_SENT = ", ".join(
    f"e.{column}" if column in _AS_IT_IS else f"pg_catalog.{_SEND.get(column, 'textsend')}(e.{column})" for column in COLUMNS
)
_ID, _XID, _AT = (COLUMNS.index(column) for column in ("id", "xid", "at"))
_ENTRIES = f"select {_SENT} from audit.entry e where e.xid >= $1 and (e.xid, e.id) > ($1, $2) order by e.xid, e.id"  # noqa: S608
_SEALS = "select position, xid, entry_id, hash from audit.seal where shard = $1 and position > $2 order by position"
_SEAL = "select hash from audit.seal where shard = $1 and position = $2"
_LAST_SEAL = "select position, xid, entry_id from audit.seal where shard = $1 order by position desc limit 1"

Progress = Callable[[int, int], None]
"""Called now and then with the number of entries read, and about how many there are."""


@dataclass(slots=True)
class Report:
    """`verified`: entries that are what was sealed. `unattested`: sealed after the last checkpoint. `unsealed`: not sealed yet."""

    findings: Findings
    attested: Attested
    verified: int = 0
    unattested: int = 0
    unsealed: int = 0
    oldest_unsealed_at: datetime | None = None
    since: Mark | None = None

    @property
    def is_whole(self) -> bool:
        return self.findings.total == 0


@dataclass(slots=True)
class _Chain:
    """One shard's seals, and how far they have been followed. `hash` is None where what stood before is gone."""

    shard: int
    cursor: Any
    position: int
    hash: bytes | None
    key: bytes
    ready: deque[tuple[int, bytes, bytes]] = field(default_factory=deque)
    is_read: bool = False

    async def next(self) -> tuple[int, bytes, bytes] | None:
        """The seal after this one, which stays where it is. One more is at hand behind it, unless it is the last."""
        if len(self.ready) < 2 and not self.is_read:
            rows = await self.cursor.fetch(ROWS_AT_ONCE)
            self.ready.extend((row["position"], place(row["xid"], row["entry_id"]), row["hash"]) for row in rows)
            self.is_read = len(rows) < ROWS_AT_ONCE
        return self.ready[0] if self.ready else None


async def verify(
    connection: Any, folder: CheckpointFolder, keys: Keys, *, since: datetime | None = None, progress: Progress = lambda *_: None
) -> Report:
    """`connection`: of a role that sees the whole trail, its owner say. `since`: what the last checkpoint before it attests is
    believed, and only what came after is read."""
    findings = Findings()
    extent = folder.extent()  # before the database is looked at: what these attest, it must hold
    attested = Attested(folder, extent, keys, findings, may_begin_later=since is not None)
    checkpoints = iter(attested)
    base, following = _base(checkpoints, since)
    report = Report(findings, attested, since=_mark(base) if base else None)
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        await connection.execute("set local enable_seqscan = off; set local enable_sort = off")  # along the indexes, from the start
        walk = await _Walk.begun(connection, report, base, following, checkpoints)
        await walk.read(connection, progress)
    if attested.count == 0 and walk.horizon:
        findings.add(Finding(Wrong.NO_CHECKPOINT))
    return report


def _base(checkpoints: Iterator[Checkpoint], since: datetime | None) -> tuple[Checkpoint | None, Checkpoint | None]:
    """The last checkpoint at `since`, and the one after it."""
    base, following = None, next(checkpoints, None)
    while since and following and following.at <= since:
        base, following = following, next(checkpoints, None)
    return base, following


@dataclass(slots=True)
class _Walk:
    """`awaited`: the next checkpoint. `horizon`: where the database says that it has sealed to. `agreed`: for each shard, the last
    checkpoint with which it agreed, and its position there."""

    report: Report
    chains: list[_Chain]
    checkpoints: Iterator[Checkpoint]
    awaited: Checkpoint | None
    start: bytes
    horizon: bytes
    total: int
    passed: Mark | None
    agreed: list[tuple[Mark | None, int]]

    @classmethod
    async def begun(
        cls, connection: Any, report: Report, base: Checkpoint | None, awaited: Checkpoint | None, rest: Iterator[Checkpoint]
    ) -> "_Walk":
        heads = base.heads if base else (Head(),) * SHARDS
        start, passed = (base.until if base else b""), report.since
        chains, ends, total = [], [b""], 0
        for shard, head in enumerate(heads):
            if head.position and await connection.fetchval(_SEAL, shard, head.position) != head.hash:
                report.findings.add(Finding(Wrong.REWRITTEN, shard, head.position, head.position, before=passed))
            cursor = await connection.cursor(_SEALS, shard, head.position)
            chains.append(_Chain(shard, cursor, head.position, head.hash, start))
            if last := await connection.fetchrow(_LAST_SEAL, shard):
                ends.append(place(last["xid"], last["entry_id"]))
                total += max(0, last["position"] - head.position)
        return cls(
            report, chains, rest, awaited, start, max(ends), total, passed, [(passed, head.position) for head in heads]
        )  # fmt: skip

    async def read(self, connection: Any, progress: Progress) -> None:
        xid, entry_id = (int.from_bytes(self.start[:8], "big"), UUID(bytes=self.start[8:])) if self.start else (0, UUID(int=0))
        entries = await connection.cursor(_ENTRIES, xid, entry_id)
        count, said_at = 0, time.monotonic()
        while rows := await entries.fetch(ROWS_AT_ONCE):
            await self._follow(rows)
            count += len(rows)
            if time.monotonic() > said_at + PROGRESS_SECONDS:
                progress(count, self.total)
                said_at = time.monotonic()
        while self.awaited:
            await self._attest(self.awaited)
        for chain in self.chains:
            await self._drain(chain, self.horizon)

    async def _follow(self, rows: list[Any]) -> None:
        for row in rows:
            entry_id: bytes = row[_ID]
            key = row[_XID] + entry_id
            while self.awaited and key > self.awaited.until:
                await self._attest(self.awaited)
            chain = self.chains[shard_of(entry_id)]
            seal = await chain.next()
            while seal and (seal[1] < key or (seal[1] > key and _is_out_of_order(chain))):
                self._pass(chain, seal)
                seal = await chain.next()
            if seal is None or seal[1] != key:
                self._without_seal(chain, key, row[_AT])
                continue
            position, _, hashed = seal
            if position != chain.position + 1:
                self._gap(chain, position)
            if chain.hash is not None and sealed(chain.hash, chain.shard, position, entry_bytes(row)) != hashed:
                self._add(Wrong.CHANGED, chain.shard, position, entry_id)
            else:
                self.report.verified += 1
                self.report.unattested += self.awaited is None
            chain.position, chain.hash, chain.key = position, hashed, key
            chain.ready.popleft()

    def _pass(self, chain: _Chain, seal: tuple[int, bytes, bytes]) -> None:
        """A seal to which no entry belongs."""
        position, key, hashed = seal
        if position != chain.position + 1:
            self._gap(chain, position)
        is_in_place = shard_of(key[8:]) == chain.shard and key > chain.key and not _is_out_of_order(chain)
        self._add(Wrong.MISSING if is_in_place else Wrong.MISPLACED, chain.shard, position, key[8:])
        chain.position, chain.hash = position, hashed
        if is_in_place:
            chain.key = key
        chain.ready.popleft()

    def _gap(self, chain: _Chain, position: int) -> None:
        found = self._found(Wrong.SEAL_MISSING, chain.shard, min(chain.position + 1, position))
        found.last_position, found.count = max(position - 1, found.position or 0), max(1, position - 1 - chain.position)
        self.report.findings.add(found)
        chain.hash = None

    def _without_seal(self, chain: _Chain, key: bytes, at: bytes) -> None:
        if self.awaited or key <= self.horizon:
            self._add(Wrong.UNSEALED, chain.shard, chain.position, key[8:])
            return
        written_at = _instant(at)
        self.report.unsealed += 1
        self.report.oldest_unsealed_at = min(self.report.oldest_unsealed_at or written_at, written_at)

    async def _attest(self, checkpoint: Checkpoint) -> None:
        """Everything up to the checkpoint has gone by: the heads must be those that it attests."""
        here = _mark(checkpoint)
        for chain, head in zip(self.chains, checkpoint.heads, strict=True):
            await self._drain(chain, checkpoint.until)
            if (chain.position, chain.hash) == (head.position, head.hash):
                self.agreed[chain.shard] = (here, head.position)
                continue
            after, position = self.agreed[chain.shard]
            is_short = chain.position < head.position and await chain.next() is None
            wrong, first = (Wrong.CUT_SHORT, chain.position + 1) if is_short else (Wrong.REWRITTEN, position + 1)
            self.report.findings.add(
                Finding(wrong, chain.shard, min(first, head.position), head.position, after=after, before=here)
            )  # fmt: skip
        self.passed, self.awaited = here, next(self.checkpoints, None)

    async def _drain(self, chain: _Chain, until: bytes) -> None:
        while (seal := await chain.next()) and (seal[1] <= until or _is_out_of_order(chain)):
            self._pass(chain, seal)

    def _add(self, wrong: Wrong, shard: int, position: int, entry_id: bytes) -> None:
        found = self._found(wrong, shard, position)
        found.entry_id = found.last_entry_id = UUID(bytes=entry_id)
        self.report.findings.add(found)

    def _found(self, wrong: Wrong, shard: int, position: int) -> Finding:
        before = _mark(self.awaited) if self.awaited else None
        return Finding(wrong, shard, position, position, after=self.passed, before=before)


def _is_out_of_order(chain: _Chain) -> bool:
    """Whether the next seal stands before one that it should follow."""
    return len(chain.ready) > 1 and chain.ready[1][1] <= chain.ready[0][1]


def _instant(sent: bytes) -> datetime:
    try:
        return _EPOCH + timedelta(microseconds=int.from_bytes(sent, "big", signed=True))
    except OverflowError:  # «infinity», and whatever else no clock says
        return _EPOCH


def _mark(checkpoint: Checkpoint) -> Mark:
    return Mark(checkpoint.number, checkpoint.at)

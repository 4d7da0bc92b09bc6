"""An act, from the first step to the commit: enter, keep the key, do it, open and close what follows, check, read back.

The answer is read by the planner on the act's own connection before it commits, and that read writes the trail: no audit,
no write. A second request with the same key finds what the first one made, and is authorised anew.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import asyncpg

from throughline.access import openings
from throughline.access.entering import me
from throughline.access.gate import Gate, NotInForce
from throughline.access.rule import Verb
from throughline.access.viewer import Viewer
from throughline.access.writing import Verdicts
from throughline.audit.trail import seen_bytes
from throughline.db.outbox import OutboxEvent
from throughline.db.refusal import RefusalCode, Refused, forbidden
from throughline.db.session import Session
from throughline.terms.record_kind import RecordKind

_RACES = 3
"""How often an act is done again when another one made the same row at the same moment."""

_KEEP_KEY = (
    "with me as materialized ({me}), kept as (insert into portal.idempotency_key "
    "(agency_id, client_id, mutation, key, input_digest, record_id, at) "
    "select me.agency_id, $2, $6, $7, $8, $9, $10 from me on conflict do nothing returning 1) "
    "select me.agency_id, me.services, me.area, me.today, exists (select from kept) is_fresh, "
    "(select a.source_rank from portal.agency a where a.id = me.agency_id) source_rank from me"
)
_FOUND_KEY = (
    "select input_digest, record_id from portal.idempotency_key "
    "where agency_id = $1 and client_id = $2 and mutation = $3 and key = $4"
)


@dataclass(frozen=True, slots=True)
class Act:
    """`record_id`: the record that it makes or changes. `digest`: of the whole input, to tell a retry from a mistake."""

    mutation: str
    key: str
    digest: bytes
    record_id: UUID
    perform: Callable[[Session], Awaitable[None]]
    operation: str


Answer = Callable[[Any, UUID], Awaitable[Any]]
"""Reads the record back on the act's connection, with the trail; see `reading/reader.py`."""


class Acting:
    """`sees`: whether the viewer may see any record about a person, asked on the act's own connection."""

    def __init__(
        self,
        gate: Gate,
        *,
        secret: bytes,
        clock: Callable[[], datetime],
        sees: Callable[[Any, Viewer, UUID], Awaitable[bool]],
    ) -> None:
        self._gate, self._secret, self._clock, self._sees = gate, secret, clock, sees
        self._verdicts = Verdicts()

    async def do(self, viewer: Viewer, act: Act, answer: Answer | None = None) -> Any:
        """What `answer` gives for the act's record. Raises Refused (nothing was changed) or NotInForce.

        Without `answer` nothing is read back, and the trail names every record that the act wrote.
        """
        for attempt in range(_RACES):
            try:
                return await self._once(viewer, act, answer)
            except (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError):
                if attempt == _RACES - 1:
                    raise
            except Refused as refused:
                await self._gate.note_refusal(viewer, act.mutation, act.operation, refused.code, self._clock())
                raise
        raise AssertionError

    async def _once(self, viewer: Viewer, act: Act, answer: Answer | None) -> Any:
        now = self._clock()
        async with self._gate.transaction() as connection:
            who = self._gate.who(viewer, now)
            row = await connection.fetchrow(_keep_key(viewer.is_tool), *who, act.mutation, act.key, act.digest, act.record_id, now)
            if row is None:
                raise NotInForce
            if not row["is_fresh"]:
                return await self._again(connection, viewer, act, row["agency_id"], answer)
            session = self._session(connection, viewer, row, now)
            await act.perform(session)
            self._tell(session)
            await session.flush()
            await self._open_and_close(session)
            await check(session)
            if answer is None:
                return await self._gate.note_written(connection, viewer, act.mutation, act.operation, _seen(session), now)
            return await answer(connection, act.record_id)

    async def _again(self, connection: Any, viewer: Viewer, act: Act, agency_id: UUID, answer: Answer | None) -> Any:
        kept = await connection.fetchrow(_FOUND_KEY, agency_id, viewer.client_id, act.mutation, act.key)
        if kept["input_digest"] != act.digest:
            raise Refused(
                RefusalCode.IDEMPOTENCY_CONFLICT, "This idempotency key was used before with another input.", field="idempotencyKey"
            )
        if answer is None:
            return await self._gate.note_written(connection, viewer, act.mutation, act.operation, b"", self._clock())
        return await answer(connection, kept["record_id"])

    def _session(self, connection: Any, viewer: Viewer, row: Any, now: datetime) -> Session:
        async def allows(verb: str, kind: RecordKind, record_id: UUID, about: tuple[UUID, ...]) -> bool:
            who = self._gate.who(viewer, now)
            first = _me(viewer.is_tool, 3)
            number = await self._verdicts.sentence(connection, viewer, first, who, Verb(verb), kind, record_id, about)
            if number is not None:
                session.sentences[record_id] = number
            return number is not None

        session = Session(
            connection=connection,
            agency_id=row["agency_id"],
            practitioner_id=None if viewer.is_tool else viewer.actor_id,
            services=tuple(row["services"]),
            area=row["area"],
            source_rank=row["source_rank"],
            today=row["today"],
            now=now,
            secret=self._secret,
            sees_person=lambda person_id: self._sees(connection, viewer, person_id),
            allows=allows,
        )
        return session

    @staticmethod
    def _tell(session: Session) -> None:
        for written in session.written:
            session.add(
                OutboxEvent,
                kind=written.kind,
                verb=written.verb,
                record_id=written.record_id,
                agency_id=session.agency_id,
                at=session.now,
            )

    @staticmethod
    async def _open_and_close(session: Session) -> None:
        if session.touched:
            rows = await session.fetch(
                "select distinct person_id from portal.identity_record where id = any($1)", list(session.touched)
            )
            await openings.refresh(session.connection, [row["person_id"] for row in rows])
        for assignment_id in session.assignments:
            await openings.assigned(session.connection, assignment_id)


async def check(session: Session) -> None:
    """Every record that the act wrote, by the policy, as it stands now. Raises Refused."""
    for written in session.written:
        if not written.is_checked and not await session.allows(written.verb, written.kind, written.record_id, written.about):
            raise forbidden()


def _seen(session: Session) -> bytes:
    """For the trail: the records that were written, each with the sentence that let it be."""
    return seen_bytes((written.record_id, session.sentences.get(written.record_id, 0)) for written in session.written)


@cache
def _keep_key(is_tool: bool) -> str:
    return _KEEP_KEY.format(me=_me(is_tool, 1))


@cache
def _me(is_tool: bool, first: int) -> str:
    """The viewer's first step, with its five binds from $first on."""
    actor, client, role, purpose, today = (f"${first + place}" for place in range(5))
    return me(
        is_tool=is_tool,
        actor=f"{actor}::uuid",
        client=f"{client}::text",
        role=f"{role}::text",
        purpose=f"{purpose}::text",
        today=f"{today}::date",
    )

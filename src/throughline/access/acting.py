"""An act, from the first step to the commit: enter, keep the key, do it, open and close what follows, check, read back.

The answer is read by the planner on the act's own connection before it commits, and that read writes the trail: no audit,
no write. A second request with the same key finds what the first one made, and is authorised anew.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import asyncpg

from throughline.access import openings
from throughline.access.abilities import may_try
from throughline.access.entering import me
from throughline.access.gate import Gate, NotInForce
from throughline.access.rule import Verb
from throughline.access.viewer import Viewer
from throughline.access.writing import Verdicts
from throughline.audit.trail import seen_bytes
from throughline.db.refusal import RefusalCode, Refused, forbidden, overtaken
from throughline.db.session import Question, Session, Written
from throughline.terms.record_kind import RecordKind

log = logging.getLogger(__name__)

_RACES = 3
"""How often an act is done again when another one made the same row at the same moment."""

_KEEP_KEY = (
    "with me as materialized ({me}), kept as (insert into portal.idempotency_key "
    "(agency_id, client_id, actor_id, mutation, key, input_digest, record_id, at) "
    "select me.agency_id, $2, me.actor_id, $7, $8, $9, $10, $6 from me on conflict do nothing returning 1) "
    "select me.agency_id, me.services, me.area, me.today, exists (select from kept) is_fresh, "
    "(select a.source_rank from portal.agency a where a.id = me.agency_id) source_rank{question} from me"
)
_KEEP_KEY_BINDS = 10
_FOUND_KEY = (
    "select input_digest, record_id from portal.idempotency_key "
    "where agency_id = $1 and client_id = $2 and actor_id = $3 and mutation = $4 and key = $5"
)


@dataclass(frozen=True, slots=True)
class Act:
    """`record_id`: the record that it makes or changes. `digest`: of the whole input, to tell a retry from a mistake.
    `question`: what it will ask first, as far as that can be told beforehand: answered with the first step.
    """

    mutation: str
    key: str
    digest: bytes
    record_id: UUID
    perform: Callable[[Session], Awaitable[None]]
    operation: str
    question: Question | None = None


Answer = Callable[[Any, UUID, list[Written]], Awaitable[Any]]
"""Reads the record back on the act's connection, with the trail; see `reading/reader.py`. It is given what the act wrote and
nobody has checked yet, and takes out of the list what it has checked in passing."""


class _KeyForgotten(Exception):  # noqa: N818  # not an error: the act is done again, as a new one
    """Its thirty days ended between finding the key and reading what it made (`db/housekeeping.py`)."""


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
        self._verdicts, self._may_try = Verdicts(), cache(may_try)

    async def do(self, viewer: Viewer, act: Act, answer: Answer | None = None) -> Any:
        """What `answer` gives for the act's record. Raises Refused (nothing was changed) or NotInForce.

        Without `answer` nothing is read back, and the trail names every record that the act wrote.
        """
        for attempt in range(_RACES):
            try:
                return await self._once(viewer, act, answer)
            except (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError, _KeyForgotten):
                if attempt == _RACES - 1:
                    await self.note_refusal(viewer, act.mutation, act.operation, RefusalCode.CONFLICT)
                    raise overtaken() from None
            except Refused as refused:
                await self.note_refusal(viewer, act.mutation, act.operation, refused.code)
                raise
            except asyncpg.InsufficientPrivilegeError:  # what it says quotes rows: only the act is named
                log.exception("the second wall refused %s, which the first let be", act.mutation, exc_info=False)
                await self.note_refusal(viewer, act.mutation, act.operation, RefusalCode.FORBIDDEN)
                raise forbidden() from None
        raise AssertionError

    async def admit(self, viewer: Viewer, mutation: str, operation: str) -> None:
        """Before an act's input is looked at: raises Refused, with a row in the trail, where no sentence lets this role try it."""
        if not self._may_try(mutation, viewer.role, viewer.purpose):
            await self.note_refusal(viewer, mutation, operation, RefusalCode.FORBIDDEN)
            raise forbidden()

    async def note_refusal(self, viewer: Viewer, verb: str, operation: str, code: str) -> None:
        """What was refused before it became an act is in the trail too."""
        await self._gate.note_refusal(viewer, verb, operation, code, self._clock())

    async def _once(self, viewer: Viewer, act: Act, answer: Answer | None) -> Any:
        now = self._clock()
        async with self._gate.transaction() as connection:
            who = self._gate.who(viewer, now)
            asked = act.question.values if act.question else ()
            row = await connection.fetchrow(
                _keep_key(viewer.is_tool, act.question), *who, act.mutation, act.key, act.digest, act.record_id, *asked
            )
            if row is None:
                raise NotInForce
            if not self._may_try(act.mutation, viewer.role, viewer.purpose):
                raise forbidden()
            if not row["is_fresh"]:
                return await self._again(connection, viewer, act, row["agency_id"], answer)
            session = self._session(connection, viewer, row, now)
            session.foreseen = (act.question, row) if act.question else None
            await act.perform(session)
            self._tell(session)
            await session.flush()
            if session.touched:
                await check_walls(session)
                await self._open_and_close(session)
                await check_walls(session)
            unchecked = [written for written in session.written if not written.is_checked]
            if answer is None:
                await check(session, unchecked)
                _settle(session)
                return await self._gate.note_written(
                    connection, viewer, act.mutation, act.operation, _seen(session.written, session), now
                )
            if [written.record_id for written in unchecked] != [act.record_id]:  # the answer judges only what it reads
                await check(session, unchecked)
                unchecked = []
            if beside := [written for written in session.written if written not in unchecked]:
                await self._gate.note_written(connection, viewer, act.mutation, act.operation, _seen(beside, session), now)
            read = await answer(connection, act.record_id, unchecked)
            await check(session, unchecked)
            if unchecked:  # what the answer did not show
                await self._gate.note_written(connection, viewer, act.mutation, act.operation, _seen(unchecked, session), now)
            _settle(session)
            return read

    async def _again(self, connection: Any, viewer: Viewer, act: Act, agency_id: UUID, answer: Answer | None) -> Any:
        kept = await connection.fetchrow(_FOUND_KEY, agency_id, viewer.client_id, viewer.actor_id, act.mutation, act.key)
        if kept is None:
            raise _KeyForgotten
        if kept["input_digest"] != act.digest:
            raise Refused(
                RefusalCode.IDEMPOTENCY_CONFLICT, "This idempotency key was used before with another input.", field="idempotencyKey"
            )
        if answer is None:
            return await self._gate.note_written(connection, viewer, act.mutation, act.operation, b"", self._clock())
        return await answer(connection, kept["record_id"], [])

    def _session(self, connection: Any, viewer: Viewer, row: Any, now: datetime) -> Session:
        async def allows(verb: str, kind: RecordKind, record_id: UUID, about: tuple[UUID, ...]) -> bool:
            who = self._gate.who(viewer, now)
            first = _me(viewer.is_tool, 3)
            number = await self._verdicts.sentence(connection, viewer, first, who, Verb(verb), kind, record_id, about)
            if number is not None:
                session.sentences[record_id] = number
            return number is not None

        async def walled(verb: str, kind: RecordKind, record_id: UUID, about: tuple[UUID, ...]) -> bool:
            who = self._gate.who(viewer, now)
            first = _me(viewer.is_tool, 3)
            return await self._verdicts.is_walled(connection, viewer, first, who, Verb(verb), kind, record_id, about)

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
            walled=walled,
        )
        return session

    @staticmethod
    def _tell(session: Session) -> None:
        for written in session.written:
            session.happened(written.kind, written.verb, written.record_id)

    @staticmethod
    async def _open_and_close(session: Session) -> None:
        rows = await session.fetch(
            "select distinct person_id from portal.identity_record where id = any($1)", list(session.touched)
        )
        await openings.refresh(session.connection, [row["person_id"] for row in rows])


async def check(session: Session, unchecked: Iterable[Written]) -> None:
    """Records that the act wrote, by the policy, as they stand now. Raises Refused."""
    for written in unchecked:
        if not await session.allows(written.verb, written.kind, written.record_id, written.about):
            raise forbidden()


async def check_walls(session: Session) -> None:
    """Of an act that may open or close something: no wall stands before anything that it wrote, neither by the openings that were
    there nor by those that it makes. So nobody takes down a wall by what they write behind it. Raises Refused."""
    for written in session.written:
        if await session.walled(written.verb, written.kind, written.record_id, written.about):
            raise forbidden()


def _settle(session: Session) -> None:
    """What was in doubt, now that the policy has let the rest be. Raises Refused."""
    if session.doubt:
        raise session.doubt


def _seen(records: Iterable[Written], session: Session) -> bytes:
    """For the trail: the records that were written, each with the sentence that let it be."""
    return seen_bytes((written.record_id, session.sentences.get(written.record_id, 0)) for written in records)


def _keep_key(is_tool: bool, question: Question | None) -> str:
    return _kept_key(is_tool, question.select(_KEEP_KEY_BINDS + 1) if question else "")


@cache
def _kept_key(is_tool: bool, question: str) -> str:
    return _KEEP_KEY.format(me=_me(is_tool, 1), question=question and f", {question}")


@cache
def _me(is_tool: bool, first: int) -> str:
    """The viewer's first step, with its six binds from $first on."""
    actor, client, role, purpose, today, now = (f"${first + place}" for place in range(6))
    return me(
        is_tool=is_tool,
        actor=f"{actor}::uuid",
        client=f"{client}::text",
        role=f"{role}::text",
        purpose=f"{purpose}::text",
        today=f"{today}::date",
        now=f"{now}::timestamptz",
    )

"""Brings in a Common Transfer File: read whole, then written in batches, each an act of its own under the policy.

An import that was killed is run again: what is there already stays as it is, what is missing is added. The same file twice
changes nothing. A pupil who cannot be read, or about whom the viewer may not write, is left out with the reason; the others go on.

A file names every child of a school. Names, numbers, address and attendance are kept only of those of whom the agency may know
already: it has named them itself, or a sharing decision lets it in. Of all others keyed hashes and enrolment dates stay, so that
neither the records nor the report tell a school which of its pupils somebody else supports.
"""

import asyncio
import io
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

import orjson

from throughline.access.acting import Act, Acting
from throughline.access.gate import day_in_london
from throughline.access.opening import Because
from throughline.access.viewer import Viewer
from throughline.db.columns import new_id
from throughline.db.refusal import RefusalCode, Refused, bad_input, forbidden
from throughline.db.session import Session, Written
from throughline.linking.identity import Identity
from throughline.linking.pupil import Met, keep, meet, pupil_id
from throughline.transfer.ctf import CtfFile, CtfProgress, read_ctf
from throughline.transfer.ctf_enrolment import Enroller, stays_of
from throughline.transfer.ctf_error import CtfError, CtfNote
from throughline.transfer.ctf_facts import FactWriter, Kept, kept_about
from throughline.transfer.ctf_pupil import CtfPupil, QuarantinedPupil
from throughline.transfer.ctf_report import CtfReport, LeftOut, Tally
from throughline.transfer.ctf_route import Route, route_of
from throughline.transfer.imported_file import ImportedFile

MUTATION = "ctfImport"
MAX_BYTES, MAX_PUPILS = 20_000_000, 5_000
BATCH = 50
"""Pupils in one transaction: enough to save round trips, few enough that a killed import loses little."""

OnProgress = Callable[[CtfProgress], None]

_COVERED = f"""
    select distinct i.person_id from portal.opening o join portal.identity_record i on i.id = o.subject_id
    where i.person_id = any($1) and o.because = {Because.COVERED:d} and o.from_on <= $3 and (o.until_on is null or o.until_on >= $3)
      and o.holder_id = $2
"""  # a number of our own
_ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtextextended('ctf ' || $1::text, 0))"
_FIND = "select report from portal.imported_file where id = $1"
_END = "update portal.imported_file set ended_at = $2, report = $3 where id = $1"
_ACCEPT = "update portal.imported_file set content = null where agency_id = $1 and sha256 = $2"


async def import_ctf(
    acting: Acting, viewer: Viewer, data: bytes, *, key: str, operation: str, file_name: str | None = None,
    on_progress: OnProgress | None = None,
) -> CtfReport:  # fmt: skip
    """`key`: with the same one the import is done once, and its report given back. `operation`: for the trail, who asked for it.

    Raises CtfError (the file is refused), Refused (the viewer may not) or NotInForce; then nothing of the file was written.
    """
    await acting.admit(viewer, MUTATION, operation)
    try:
        file = await asyncio.to_thread(
            read_ctf, io.BytesIO(data), max_bytes=MAX_BYTES, max_pupils=MAX_PUPILS, file_name=file_name,
            on_progress=lambda seen: on_progress(seen) if on_progress and seen.stage == "checking" else None,
        )  # fmt: skip
    except CtfError:
        await acting.note_refusal(viewer, MUTATION, operation, RefusalCode.BAD_USER_INPUT)
        raise
    importer = _Importer(acting, viewer, file, data, operation, on_progress)
    return await importer.run(key)


@dataclass
class _Importer:
    acting: Acting
    viewer: Viewer
    file: CtfFile
    data: bytes
    operation: str
    on_progress: OnProgress | None
    tally: Tally = field(default_factory=Tally)
    people: set[UUID] = field(default_factory=set)
    """Everybody in the file so far: nobody comes twice."""

    async def run(self, key: str) -> CtfReport:
        file_id, report = await self._begin(key)
        if report:
            return CtfReport.from_dict(report)
        done = 0
        for batch in _batched(self.file.pupils(), BATCH):
            await self._batch(batch)
            done += len(batch)
            if self.on_progress:
                self.on_progress(CtfProgress("importing", done, self.file.pupil_count))
        ended = CtfReport.of(self.file, self.tally)
        await self._end(file_id, ended)
        return ended

    async def _begin(self, key: str) -> tuple[UUID, dict[str, Any] | None]:
        """The file's id, and its report where this key has done it already."""
        act = Act(MUTATION, key, bytes.fromhex(self.file.sha256), new_id(), self._note, self.operation)

        async def answer(connection: Any, file_id: UUID, _: list[Written]) -> tuple[UUID, dict[str, Any] | None]:
            row = await connection.fetchrow(_FIND, file_id)
            return file_id, orjson.loads(row["report"]) if row["report"] else None

        self._file_id = act.record_id
        found: tuple[UUID, dict[str, Any] | None] = await self.acting.do(self.viewer, act, answer)
        return found

    async def _note(self, session: Session) -> None:
        """The file is here. Raises Refused where this one is not for this agency."""
        await route_of(session, self.file.header)
        session.add(
            ImportedFile, id=self._file_id, agency_id=session.agency_id, practitioner_id=session.practitioner_id,
            sha256=self.file.sha256, begun_at=session.now, content=self.data,
        )  # fmt: skip

    async def _end(self, file_id: UUID, report: CtfReport) -> None:
        async def perform(session: Session) -> None:
            await session.fetch(_END, file_id, session.now, orjson.dumps(report.as_dict()).decode())
            if not report.tally.left_out:
                await session.fetch(_ACCEPT, session.agency_id, report.sha256)

        await self._do(perform)

    async def _batch(self, batch: Sequence[CtfPupil | QuarantinedPupil]) -> None:
        outcome = Tally(), set(self.people)

        async def perform(session: Session) -> None:
            nonlocal outcome
            outcome = Tally(), set(self.people)
            await session.fetch(_ONE_AT_A_TIME, str(session.agency_id))
            await _Batch(session, self.file, await route_of(session, self.file.header), *outcome).run(batch)

        await self._do(perform)
        tally, self.people = outcome
        self.tally.add(tally)

    async def _do(self, perform: Callable[[Session], Awaitable[None]]) -> None:
        """An act that nobody sends again: what makes it safe to repeat is that it looks at what is there."""
        await self.acting.do(self.viewer, Act(MUTATION, f"part:{uuid4()}", b"", new_id(), perform, self.operation))


@dataclass
class _Batch:
    """Some pupils in one transaction. `people`: who came in this file before."""

    session: Session
    file: CtfFile
    route: Route
    tally: Tally
    people: set[UUID]

    async def run(self, batch: Sequence[CtfPupil | QuarantinedPupil]) -> None:
        for bad in (one for one in batch if isinstance(one, QuarantinedPupil)):
            self.tally.left_out.append(LeftOut(bad.ordinal, bad.reasons))
        pupils = [one for one in batch if isinstance(one, CtfPupil)]
        met = await meet(self.session, [self._identity(pupil) for pupil in pupils])
        people = {one.person_id for one in met if one.person_id}
        covered = await self.session.fetch(_COVERED, list(people), self.session.agency_id, self.session.today)
        known = {row["person_id"] for row in covered} | {one.person_id for one in met if one.is_named_here and one.person_id}
        stays, kept = await stays_of(self.session, people), await kept_about(self.session, known)
        for pupil, one in zip(pupils, met, strict=True):
            who = one.person_id
            held = (stays.get(who, ()), kept.about(who)) if who else ((), Kept((), ()))
            await self._apart(pupil, one, is_known=who in known, stays=held[0], kept=held[1])

    def _identity(self, pupil: CtfPupil) -> Identity:
        upn = None if pupil.is_upn_temporary else pupil.upn
        own_id = pupil_id(self.session.secret, str(self.file.header.source), upn, pupil.forename, pupil.surname, pupil.birth_date)
        return Identity(
            own_id=own_id, given_name=pupil.forename, family_name=pupil.surname, date_of_birth=pupil.birth_date, sex=pupil.sex,
            upn=upn, former_upn=pupil.former_upn, uln=pupil.uln, postcode=pupil.postcode,
        )  # fmt: skip

    async def _apart(self, pupil: CtfPupil, met: Met, *, is_known: bool, stays: Sequence[Any], kept: Kept) -> None:
        """One pupil, whole or not at all."""
        part, tally = self.session.part(), Tally()
        await self.session.flush()
        try:
            async with self.session.connection.transaction():
                await self._one(part, tally, pupil, met, is_known=is_known, stays=stays, kept=kept)
        except Refused as refused:
            self.tally.left_out.append(LeftOut(pupil.ordinal, (CtfNote(refused.code, refused.message),)))
            return
        self.session.include(part)
        self.tally.add(tally)

    async def _one(
        self, part: Session, tally: Tally, pupil: CtfPupil, met: Met, *, is_known: bool, stays: Sequence[Any], kept: Kept
    ) -> None:
        if met.is_somebody_else:
            raise bad_input("The UPN came before with another forename and birth date: one of the two is wrong.")
        record_id, person_id = await keep(part, met, is_known=is_known)
        if person_id in self.people:
            raise bad_input("The same child stands in the file twice.")
        sent_on = self._sent_on()
        await Enroller(part, self.route, tally, record_id, stays, sent_on).enrol(pupil, is_known=is_known)
        if is_known:
            await FactWriter(part, self.route, tally, record_id, kept, sent_on).write(pupil)
        await part.flush()
        await _check(part)
        self.people.add(person_id)
        for note in pupil.warnings:
            tally.warn(note.code)
        tally.known, tally.kept_as_hashes, tally.updated = int(is_known), int(not is_known), int(is_known and bool(part.written))

    def _sent_on(self) -> date:
        """The day of the file: not one to come."""
        sent_at = self.file.header.sent_at
        return min(day_in_london(sent_at), self.session.today) if sent_at else self.session.today


async def _check(part: Session) -> None:
    """By the policy, while this pupil can still be taken back alone."""
    for number, written in enumerate(part.written):
        if not written.is_checked and not await part.allows(written.verb, written.kind, written.record_id, written.about):
            raise forbidden()
        part.written[number] = written.checked()


def _batched(pupils: Iterable[CtfPupil | QuarantinedPupil], size: int) -> Iterator[list[CtfPupil | QuarantinedPupil]]:
    waiting = iter(pupils)
    while batch := list(islice(waiting, size)):
        yield batch

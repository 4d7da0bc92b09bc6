"""Where a pupil was, is and will be on roll, by a file: ends the old school's roll, proposes the next one or says yes to it.

Only the school that sent the file says yes by it, for a child on its own confirmed roll (now or within the last year), and only
to a start that does not lie before the day on which the child left.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from throughline.db.refusal import forbidden, stale
from throughline.db.session import Session
from throughline.records.change import yes
from throughline.records.enrolment import Enrolment
from throughline.terms.record_kind import RecordKind
from throughline.terms.work import EnrolmentState
from throughline.transfer.ctf_pupil import CtfPupil
from throughline.transfer.ctf_report import Tally
from throughline.transfer.ctf_route import Route
from throughline.transfer.ctf_rows import SchoolAttended

STILL_OURS = timedelta(days=365)
"""How long after leaving a school's file may still say where the child went; as `left_by_own_school` of the policy."""

_STAYS = (
    "select e.id, e.version, e.agency_id, e.confirmed_by_agency_id, e.identity_record_id, e.school_id, e.state, e.from_on, e.until_on, i.person_id "
    "from portal.enrolment e join portal.identity_record i on i.id = e.identity_record_id "
    "where i.person_id = any($1) and e.withdrawn_at is null order by e.from_on desc"
)


async def stays_of(session: Session, people: Iterable[UUID]) -> dict[UUID, list[Any]]:
    """The enrolments of these people, the latest first."""
    found: dict[UUID, list[Any]] = {}
    for row in await session.fetch(_STAYS, list(people)):
        found.setdefault(row["person_id"], []).append(row)
    return found


@dataclass(slots=True)
class Enroller:
    """For one pupil. `record_id`: the agency's own identity record of the pupil; `sent_on`: the day of the file."""

    session: Session
    route: Route
    tally: Tally
    record_id: UUID
    stays: Sequence[Any]
    sent_on: date

    async def enrol(self, pupil: CtfPupil, *, is_known: bool) -> None:
        """Of pupils without early help only the school that sent the file and the one that receives it are noted."""
        left = self._at_source(pupil.schools)
        left_on = left.left_on if left else None
        if self.route.is_senders_own and left:
            await self._leave(left)
        if self.route.destination_id:
            await self._arrive(self.route.destination_id, left_on)
        for stay in pupil.schools if is_known else ():
            self._history(stay)

    def _at_source(self, schools: Sequence[SchoolAttended]) -> SchoolAttended | None:
        """The last time at the school that sent the file."""
        there = [stay for stay in schools if self._school(stay) == self.route.source_id and self.route.source_id]
        return max(there, key=lambda stay: stay.entered_on or date.min, default=None)

    def _school(self, stay: SchoolAttended) -> UUID | None:
        found = self.route.schools.find(stay.school, stay.urn)
        return found["id"] if found else None

    async def _leave(self, left: SchoolAttended) -> None:
        """The last day on the sender's own roll. It may come to lie earlier by a file, never later."""
        own = [e for e in self.stays if e["school_id"] == self.session.agency_id]
        if not own and left.entered_on:
            self._add(self.session.agency_id, left.entered_on, left.left_on)
        if left.left_on is None:
            return
        stay = next((e for e in own if e["from_on"] <= left.left_on), None)
        if stay is None or (stay["until_on"] and stay["until_on"] <= left.left_on):
            self.tally.enrolments_there += bool(own)
            return
        about = (stay["identity_record_id"],)
        if not await self.session.allows("WRITE", RecordKind.ENROLMENT, stay["id"], about):
            raise forbidden()
        await self._replace(stay, "WRITE", is_checked=True, until_on=left.left_on)
        self.tally.enrolments_ended += 1

    async def _arrive(self, school_id: UUID, left_on: date | None) -> None:
        """The day after leaving is the first at the next school: no file says it, and nobody shall fall between two rolls."""
        from_on = left_on + timedelta(days=1) if left_on else self.sent_on
        may_confirm = self._may_confirm(school_id, left_on)
        there = [
            e for e in self.stays
            if e["school_id"] == school_id and (e["until_on"] is None or e["until_on"] >= from_on)
            and (self._is_known(e) or (may_confirm and e["state"] == EnrolmentState.PROPOSED))
        ]  # fmt: skip
        if not there:
            self._add(school_id, from_on, is_confirmed=may_confirm)
        elif any(e["state"] == EnrolmentState.CONFIRMED for e in there) or not may_confirm:
            self.tally.enrolments_there += 1
        else:
            await self._confirm(there, left_on or from_on)

    def _is_known(self, stay: Any) -> bool:
        """Whether this agency said it, said yes to it, or has the child. What others said changes neither what is written nor the
        report: each file would be a question about them."""
        ours = self.session.agency_id
        return ours in (stay["agency_id"], stay["confirmed_by_agency_id"], stay["school_id"])

    def _may_confirm(self, school_id: UUID, left_on: date | None) -> bool:
        """Not where a third school has the child, confirmed: whoever has left a child behind says nothing more about them."""
        today = self.session.today
        if not self.route.is_senders_own or left_on is None or left_on < today - STILL_OURS:
            return False
        if any(
            e["school_id"] not in (self.session.agency_id, school_id) and e["state"] == EnrolmentState.CONFIRMED
            and (e["until_on"] is None or e["until_on"] > left_on)
            for e in self.stays
        ):  # fmt: skip
            return False
        return any(
            e["school_id"] == self.session.agency_id and e["state"] == EnrolmentState.CONFIRMED and e["from_on"] <= today
            and (e["until_on"] is None or e["until_on"] >= today - STILL_OURS)
            for e in self.stays
        )  # fmt: skip

    async def _confirm(self, proposals: Sequence[Any], left_on: date) -> None:
        proposal = next((e for e in proposals if e["from_on"] >= left_on), None)
        if proposal is None:
            self.tally.warn("ENROLMENTS_OVERLAP")
            return
        await self._replace(proposal, "IMPORT", state=EnrolmentState.CONFIRMED, **yes(self.session))
        self.tally.enrolments_confirmed += 1

    def _history(self, stay: SchoolAttended) -> None:
        """A school before: already over, so it opens nothing."""
        school_id = self._school(stay)
        if school_id is None:
            self.tally.schools_outside += 1
            return
        if school_id in (self.session.agency_id, self.route.destination_id) or not stay.entered_on or not stay.left_on:
            return
        if any(e["school_id"] == school_id and e["from_on"] <= stay.left_on and self._is_known(e) for e in self.stays):
            self.tally.enrolments_there += 1
            return
        self._add(school_id, stay.entered_on, stay.left_on)

    def _add(self, school_id: UUID, from_on: date, until_on: date | None = None, *, is_confirmed: bool = False) -> None:
        state = EnrolmentState.CONFIRMED if is_confirmed else EnrolmentState.PROPOSED
        enrolment_id = self.session.add(
            Enrolment, agency_id=self.session.agency_id, practitioner_id=self.session.practitioner_id, service_id=None,
            sensitivity="STANDARD", version=1, identity_record_id=self.record_id, school_id=school_id, state=state,
            from_on=from_on, until_on=until_on, **(yes(self.session) if is_confirmed else {}),
        )  # fmt: skip
        self.session.wrote(RecordKind.ENROLMENT, enrolment_id, [self.record_id], "IMPORT")
        if is_confirmed:
            self.session.touched.add(self.record_id)
            self.tally.enrolments_confirmed += 1
        else:
            self.tally.enrolments_proposed += 1

    async def _replace(self, stay: Any, verb: str, *, is_checked: bool = False, **changes: Any) -> None:
        if not await self.session.replace(Enrolment, stay["id"], stay["version"], **changes):
            raise stale()
        about = (stay["identity_record_id"],)
        self.session.wrote(RecordKind.ENROLMENT, stay["id"], about, verb, is_checked=is_checked)
        self.session.touched.update(about)

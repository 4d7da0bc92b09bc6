"""Brings in a list of support reports: each line is submitted like any report, by itself, and once however often it is sent."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, BinaryIO
from uuid import UUID, uuid5

from throughline.access.acting import Act, Acting
from throughline.access.gate import Gate
from throughline.access.viewer import Viewer
from throughline.db.refusal import RefusalCode, Refused, bad_input
from throughline.db.session import Session, Written
from throughline.linking.identity import Identity
from throughline.linking.keys import hashed_keys
from throughline.reading.reader import Reader
from throughline.reading.tree import Field
from throughline.records.about import About
from throughline.records.caution import Caution
from throughline.records.support_report import Part, Report, submit
from throughline.terms.names import fold
from throughline.terms.severity import Severity
from throughline.terms.work import Delivery
from throughline.transfer.report_csv import read_reports
from throughline.transfer.report_csv_row import ReportRow, RowError, Vocabulary

MUTATION = "supportReportSubmit"
_REPORTS = UUID("6e2b9a53-7f5c-5d3b-8a35-0f3c4c1d9e11")
"""Ids of reports follow from agency and line, so that a line counts once for ever, and not only while its key is kept."""

_NODE = Field("node", "node", {"id": lambda variables: variables["id"]}, {"SupportReport": (Field("id", "id"),)})
_COLUMNS = {
    "kindOfSupport": "kind_of_support",
    "givenOn": "date",
    "delivery": "delivery",
    "whatWasDone": "what_was_done",
    "outcome": "outcome",
    "mustNotBeTold": "must_not_be_told",
    "safeContact": "safe_contact",
    "peopleReached": "people_reached",
    "needLevel": "need_level",
    "idempotencyKey": "line_key",
    "ownId": "own_id",
}
"""Where an act says that something is wrong → the column that it came from."""


@dataclass(slots=True)
class ReportsImported:
    """`submitted` now, `there` since an earlier time; `errors` by line and column: those lines were left out."""

    submitted: int = 0
    there: int = 0
    errors: list[RowError] = field(default_factory=list)

    @property
    def left_out(self) -> int:
        return len({error.line for error in self.errors})


async def vocabulary_of(gate: Gate) -> Vocabulary:
    """The codes that this portal knows, kinds of support as its area keeps them."""
    async with gate.transaction() as connection:
        kinds = await connection.fetch("select code from portal.support_kind")
    return Vocabulary(frozenset(row["code"] for row in kinds), frozenset(Delivery), frozenset(Severity))


@dataclass(frozen=True, slots=True)
class ReportImporter:
    """`agency_id`: the viewer's own; `operation`: for the trail, who asked for it."""

    acting: Acting
    reader: Reader
    viewer: Viewer
    agency_id: UUID
    operation: str

    async def bring(
        self, stream: BinaryIO, vocabulary: Vocabulary, *, today: date, on_line: Callable[[int], None] = lambda _: None
    ) -> ReportsImported:
        """`on_line` is told how many lines are done. Raises CsvError (nothing was submitted) or NotInForce."""
        outcome = ReportsImported()
        for done, row in enumerate(read_reports(stream, vocabulary=vocabulary, today=today), 1):
            if isinstance(row, RowError):
                outcome.errors.append(row)
            else:
                await self._line(row, outcome)
            on_line(done)
        return outcome

    async def _line(self, row: ReportRow, outcome: ReportsImported) -> None:
        is_new = False

        async def perform(session: Session) -> None:
            nonlocal is_new
            is_new = await session.fetchrow("select id from portal.support_report where id = $1", report_id) is None
            if is_new:
                await submit(session, report_id, _report(row, session.secret))

        report_id = uuid5(_REPORTS, f"{self.agency_id}|{row.line_key}")
        digest = sha256(row.content_hash.encode()).digest()
        act = Act(MUTATION, f"line:{row.line_key}", digest, report_id, perform, self.operation)
        try:
            await self.acting.do(self.viewer, act, self._read_back)
        except Refused as refused:
            outcome.errors.append(_error(row, refused))
            return
        outcome.submitted += is_new
        outcome.there += not is_new

    async def _read_back(self, connection: Any, report_id: UUID, _: list[Written]) -> None:
        await self.reader.answer_within(
            connection, _NODE, self.viewer, {"id": report_id}, operation=self.operation, plan_key=MUTATION, verb=MUTATION
        )


def _report(row: ReportRow, secret: bytes) -> Report:
    if row.delivery is None:
        raise bad_input("Say how the support was given.", "delivery")
    if not row.light_touch and row.what_was_done is None:
        raise bad_input("Say what was done.", "whatWasDone")
    about = (About(identity=_identity(row, secret)),)
    says = row.must_not_be_told or row.safe_contact
    caution = Caution(row.must_not_be_told, None, row.safe_contact) if says else None
    return Report(
        kind_of_support=row.kind_of_support,
        given_on=row.date,
        delivery=Delivery(row.delivery),
        parts=() if row.light_touch else (Part(about, row.what_was_done or "", row.outcome, caution=caution),),
        need_level=Severity(row.need_level) if row.need_level else None,
        people_reached=row.people_reached,
        is_light_touch=row.light_touch,
    )


def _identity(row: ReportRow, secret: bytes) -> Identity:
    return Identity(
        own_id=row.own_id or _own_id(row, secret),
        given_name=row.given_name,
        family_name=row.family_name,
        date_of_birth=row.date_of_birth,
        upn=row.upn,
        nhs_number=row.nhs_number,
        postcode=row.postcode,
    )


def _own_id(row: ReportRow, secret: bytes) -> str:
    """For a group without numbers of its own: both names and the birth date say who it is; with less, each line is somebody."""
    if row.given_name and row.family_name and row.date_of_birth:
        said = f"{fold(row.given_name)}|{fold(row.family_name)}|{row.date_of_birth.isoformat()}"
    else:
        said = f"line {row.line_key}"
    return f"list:{hashed_keys(secret, [said])[0]}"


def _error(row: ReportRow, refused: Refused) -> RowError:
    column = _COLUMNS.get((refused.field or "").rpartition(".")[2])
    if refused.code is RefusalCode.IDEMPOTENCY_CONFLICT:
        return RowError(row.line, "line_key", "LINE_CHANGED", "This line came before with other words: amend the report instead.")
    return RowError(row.line, column, refused.code, refused.message)

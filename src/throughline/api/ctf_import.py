"""Common Transfer Files by upload, for a school whose own system can send them on."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from typing import Any

import strawberry

from throughline.api.context import Info
from throughline.api.described import asked, said
from throughline.api.mutation import ActInput, Given, UserError, checked_input, mutation, user_error
from throughline.db.refusal import Refused, bad_input
from throughline.transfer import ctf_import
from throughline.transfer.ctf_error import CtfError, CtfNote
from throughline.transfer.ctf_report import CtfReport

MOST_BYTES = 10_000_000
"""What fits into an upload as base64 (`limits.py`): 300 pupils of 33 kB each. The command line takes larger files."""


@strawberry.input(description="A Common Transfer File. Roles that write enrolments bring it in, for the purpose TRANSITION.")
class CtfImportInput(ActInput):
    content: str = asked("The file as it is, in base64: at most 10 MB before that. The command line takes larger files.")
    file_name: str | None = asked("Its name, as LLLEEEE_CTF_LLLEEEE_nnn.xml, to be compared with its header.", default=None)


@strawberry.type(description="Something found in a file. It repeats nothing that the file says.")
class CtfNotice:
    code: str = said("What it is, from a list that may grow.")
    message: str = said("The same for a person to read.")


@strawberry.type(description="How often something was found.")
class CtfCount:
    name: str = said("What was found: a code, or the path of an element in the file.")
    times: int = said("How often.")


@strawberry.type(description="A pupil of whom nothing was written.")
class CtfPupilLeftOut:
    ordinal: int = said("The pupil's place in the file, from 1.")
    reasons: list[CtfNotice] = said("Why.")


@strawberry.type(description="What came of a file. It names nobody.")
class CtfImportReport:
    source: str = said("The number of the school that sent it: authority and establishment.")
    destination: str | None = said("The number of the next school, UNKNOWN or OUTSIDE; null if the file does not say.")
    pupils: int = said("Pupils in the file.")
    known: int = said("Pupils whom your agency has named here before, or of whom a sharing decision lets it know.")
    updated: int = said("Of these, pupils about whom something was written.")
    kept_as_hashes: int = said("Pupils of whom only keyed hashes and enrolment dates stay, to link them by.")
    enrolments_proposed: int = said("Enrolments proposed. They open nothing until another agency confirms them.")
    enrolments_confirmed: int = said("Enrolments confirmed, because the school that sent the file brought it in.")
    enrolments_ended: int = said("Enrolments at the school that sent the file which have a last day now.")
    enrolments_there: int = said("Enrolments with which nothing was to be done.")
    schools_outside: int = said("Schools attended before that are not in the portal, and were not written down.")
    attendance_years: int = said("School years of attendance written.")
    addresses: int = said("Addresses written.")
    left_out: list[CtfPupilLeftOut] = said("Pupils left out, with the reasons. The others were brought in.")
    warnings: list[CtfNotice] = said("What was odd about the file.")
    pupil_warnings: list[CtfCount] = said("What was odd about pupils who were brought in all the same.")
    not_kept: list[CtfCount] = said("Elements left out on purpose, which are not early help's to hold.")
    not_understood: list[CtfCount] = said("Elements that were not understood.")


@strawberry.type(description="What came of the file, or why it was refused as a whole.")
class CtfImportPayload:
    report: CtfImportReport | None = said("What came of it; null if it was refused.")
    refusal: CtfNotice | None = said(
        "What is wrong with the file as a whole; null unless `userErrors` refuses its content for that."
    )
    user_errors: list[UserError] = said("Why the file was refused; nothing of it was written unless this is empty.")


async def bring(info: Info, input: Given[CtfImportInput]) -> Any:  # noqa: A002  # the argument's name
    context = info.context
    try:
        data = await checked_input(context, ctf_import.MUTATION, input, lambda: _bytes(input.content))
        report = await ctf_import.import_ctf(
            context.desk.acting,
            context.viewer,
            data,
            key=input.idempotency_key,
            operation=context.request.operation_hash,
            file_name=input.file_name,
        )
    except CtfError as refused:
        error = bad_input(refused.message, "content")
        notice = CtfNotice(code=refused.code, message=refused.message)
        return CtfImportPayload(report=None, refusal=notice, user_errors=[user_error(error)])
    except Refused as refused:
        return CtfImportPayload(report=None, refusal=None, user_errors=[user_error(refused)])
    return CtfImportPayload(report=_report(report), refusal=None, user_errors=[])


def _bytes(content: str) -> bytes:
    if len(content) > MOST_BYTES * 4 // 3 + 4:
        raise bad_input("The file is too large to be uploaded: bring it in on the command line.", "content")
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise bad_input("This is not base64.", "content") from None


def _report(report: CtfReport) -> CtfImportReport:
    tally = report.tally
    return CtfImportReport(
        source=report.source,
        destination=report.destination,
        pupils=report.pupils,
        known=tally.known,
        updated=tally.updated,
        kept_as_hashes=tally.kept_as_hashes,
        enrolments_proposed=tally.enrolments_proposed,
        enrolments_confirmed=tally.enrolments_confirmed,
        enrolments_ended=tally.enrolments_ended,
        enrolments_there=tally.enrolments_there,
        schools_outside=tally.schools_outside,
        attendance_years=tally.attendance_years,
        addresses=tally.addresses,
        left_out=[CtfPupilLeftOut(ordinal=one.ordinal, reasons=_notices(one.reasons)) for one in tally.left_out],
        warnings=_notices(report.warnings),
        pupil_warnings=_counts(tally.warnings),
        not_kept=_counts(report.not_kept),
        not_understood=_counts(report.not_understood),
    )


def _notices(notes: Iterable[CtfNote]) -> list[CtfNotice]:
    return [CtfNotice(code=note.code, message=note.message) for note in notes]


def _counts(times: Mapping[str, int]) -> list[CtfCount]:
    return [CtfCount(name=name, times=count) for name, count in sorted(times.items())]


@strawberry.type
class CtfMutations:
    ctf_import: CtfImportPayload = mutation(
        bring,
        CtfImportPayload,
        "Bring in a Common Transfer File. Brought in by the school that sent it, it confirms the move of its pupils; brought in by "
        "the receiving school or the council, it proposes. The same file twice changes nothing.",
    )

"""Support reports: a common part, and one part for each person or people it is about."""

import datetime
from typing import Any
from uuid import UUID

import strawberry

from throughline.api.caution import Caution, CautionInput, caution
from throughline.api.context import Info
from throughline.api.described import PERSON, many, said
from throughline.api.earlier_version import SupportReportVersion
from throughline.api.identity import AboutInput, about
from throughline.api.mutation import Given, Payload, UserError, act, mutation, shows, user_error
from throughline.api.record import Record
from throughline.api.selection import as_uuid
from throughline.api.vocabulary import Delivery, Sensitivity, Severity
from throughline.db.refusal import bad_input
from throughline.db.session import Question, Session
from throughline.records import support_report as acts


@strawberry.type(description="A kind of support, from the list that the area keeps.")
class SupportKind:
    code: str = said("Its code in that list.")
    label: str = said("What people call it.")
    floor: Sensitivity = said("The least sensitivity of a report of this kind; authors may raise it.")


@strawberry.type(
    description="What a support report says about some of its people. You get a part only if you may see it for every person in it."
)
class SupportReportPart:
    id: strawberry.ID = said("Identifies the part within its report. To amend it, amend the report.")
    caution: Caution | None = said("Who must not be told, and safe contact: show it before anything else of the part.")
    about: Any = said("The people whom this part is about.", many(PERSON))
    sensitivity: Sensitivity = said("How carefully this part must be held; parts of one report can differ.")
    what_was_done: str = said("What was done, in the author's words.")
    outcome: str | None = said("What came of it.")
    is_released: bool = said("Whether the author's agency has released this part to the safeguarding lead of the child's school.")


@strawberry.type(
    description="Support that an agency has given: «we did this for this child or family». A light-touch "
    "report says only when, what "
    "kind, how and how many, and names nobody."
)
class SupportReport(Record):
    kind_of_support: SupportKind = said("What kind of support it was.")
    given_on: datetime.date = said("The day on which it was given.")
    delivery: Delivery = said("How it was given.")
    is_light_touch: bool = said("Whether this is a light-touch report, which has no parts and names nobody.")
    people_reached: int | None = said("How many people it reached, where that was counted.")
    need_level: Severity | None = said("The level of need that the author saw, where they said so.")
    parts: list[SupportReportPart] = said("What it says about whom: the parts that you may see, and no hint of any other.")
    earlier_versions: list[SupportReportVersion] = said(
        "What stood in it before it was amended or withdrawn, newest first: the latest 20. Only for the agency that made it, and "
        "there only for whoever may see all of it, as it is and as it was; empty for everybody else."
    )


@strawberry.input(
    description="What you did for one person, or for several together. Each part is shown only to viewers "
    "who may see it for everybody in it."
)
class SupportReportPartInput:
    caution: CautionInput | None = strawberry.field(
        default=None, description="Who must not be told, or how to be in touch safely: it shows with this part."
    )
    about: list[AboutInput] = strawberry.field(description="Whom this part is about: 1 to 20 people.")
    what_was_done: str = strawberry.field(description="What you did, in your own words.")
    outcome: str | None = strawberry.field(default=None, description="What came of it, if you can say.")
    sensitivity: Sensitivity | None = strawberry.field(
        default=None, description="Only to raise it: the kind of support sets the least."
    )
    is_released: bool = strawberry.field(
        default=False,
        description="Whether the safeguarding lead of the child's school may see it even if it is SENSITIVE.",
    )


@strawberry.input(description="Support that you gave. Two minutes are enough: who, what kind, when, how, and what you did.")
class SupportReportSubmitInput:
    idempotency_key: str = strawberry.field(
        description="Any text of your own, one for each report. Sent again, it gives the same report back and makes no second one."
    )
    kind_of_support: str = strawberry.field(description="A code from `supportKinds`.")
    given_on: datetime.date = strawberry.field(description="The day on which it was given, as `YYYY-MM-DD`.")
    delivery: Delivery = strawberry.field(description="How it was given.")
    parts: list[SupportReportPartInput] = strawberry.field(
        default_factory=list, description="What was done for whom. A light-touch report has none."
    )
    need_level: Severity | None = strawberry.field(default=None, description="The level of need that you saw.")
    people_reached: int | None = strawberry.field(default=None, description="How many people it reached: 1 to 10,000.")
    is_light_touch: bool = strawberry.field(
        default=False,
        description="Date, kind, how and how many only: no names and no free text. For voluntary groups.",
    )
    family_id: strawberry.ID | None = strawberry.field(
        default=None, description="For a light-touch report about a family that you may see."
    )
    household_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The household with which you worked, where the family has two and you are on its team.",
    )
    service_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Your service, if it is one. A confidential service's reports exist for nobody else.",
    )


@strawberry.input(description="New words for a part of a report. What you leave out stays as it is.")
class SupportReportPartChangeInput:
    id: strawberry.ID = strawberry.field(description="The id of the part.")
    caution: CautionInput | None = strawberry.field(
        default=None,
        description="Who must not be told and safe contact, the whole of it: what you leave out within it is taken away; but whoever "
        "was named as `whom` stays named while somebody must not be told, unless you name somebody else.",
    )
    what_was_done: str | None = strawberry.field(default=None, description="What was done.")
    outcome: str | None = strawberry.field(default=None, description="What came of it.")
    sensitivity: Sensitivity | None = strawberry.field(default=None, description="Never below what the kind of support asks.")
    is_released: bool | None = strawberry.field(default=None, description="Whether the child's safeguarding lead may see it.")


@strawberry.input(description="A better version of a report of your agency's. The earlier version is kept.")
class SupportReportAmendInput:
    idempotency_key: str = strawberry.field(description="Any text of your own, one for each amendment.")
    id: strawberry.ID = strawberry.field(description="The id of the report.")
    version: int = strawberry.field(description="The version that you read. If it is no longer the newest: CONFLICT.")
    parts: list[SupportReportPartChangeInput] = strawberry.field(description="What changes, part by part.")


@strawberry.input(description="Take a report of your agency's back. It stays, for your agency alone.")
class SupportReportWithdrawInput:
    idempotency_key: str = strawberry.field(description="Any text of your own, one for each withdrawal.")
    id: strawberry.ID = strawberry.field(description="The id of the report.")
    version: int = strawberry.field(description="The version that you read. If it is no longer the newest: CONFLICT.")
    reason: str = strawberry.field(description="Why: a wrong child, a wrong date.")


@strawberry.type(description="A report, or why there is none.")
class _Shows(Payload):
    support_report: SupportReport | None = shows(SupportReport | None, "The report as you may see it; null if the act was refused.")


@strawberry.type(description="The new report, or why there is none.")
class SupportReportSubmitPayload(_Shows):
    pass


@strawberry.type(description="The amended report, or why it was not amended.")
class SupportReportAmendPayload(_Shows):
    pass


@strawberry.type(description="The withdrawn report, or why it was not withdrawn.")
class SupportReportWithdrawPayload(_Shows):
    pass


@strawberry.input(description="Up to 500 reports at once, each with its own idempotency key. A bad one stops nobody.")
class SupportReportSubmitManyInput:
    reports: list[SupportReportSubmitInput] = strawberry.field(description="The reports: 1 to 500.")


@strawberry.type(description="What became of each report, in the order in which you sent them.")
class SupportReportSubmitManyPayload:
    results: list[SupportReportSubmitPayload] = strawberry.field(description="One for each report.")
    user_errors: list[UserError] = strawberry.field(description="What was wrong with the whole, if anything was.")


async def submit(info: Info, input: Given[SupportReportSubmitInput]) -> Any:  # noqa: A002  # the argument's name
    return SupportReportSubmitPayload(**await _submitted(info, input, "supportReport"))


async def submit_many(info: Info, input: Given[SupportReportSubmitManyInput]) -> Any:  # noqa: A002
    if not 1 <= len(input.reports) <= MOST_REPORTS:
        refused = bad_input(f"Send 1 to {MOST_REPORTS} reports.", "reports")
        operation = info.context.request.operation_hash
        await info.context.desk.acting.note_refusal(info.context.viewer, info.field_name, operation, refused.code)
        return SupportReportSubmitManyPayload(results=[], user_errors=[user_error(refused)])
    results = [SupportReportSubmitPayload(**await _submitted(info, one, "results", "supportReport")) for one in input.reports]
    return SupportReportSubmitManyPayload(results=results, user_errors=[])


async def amend(info: Info, input: Given[SupportReportAmendInput]) -> Any:  # noqa: A002
    async def perform(session: Session, report_id: UUID) -> None:
        changes = {as_uuid(part.id): _change(part, session.today, f"parts.{place}") for place, part in enumerate(input.parts)}
        await acts.amend(session, report_id, input.version, parts=changes)

    done = act(
        info,
        input,
        perform,
        shows=("supportReport",),
        type_name="SupportReport",
        record_id=as_uuid(input.id),
    )
    return SupportReportAmendPayload(**await done)


async def withdraw(info: Info, input: Given[SupportReportWithdrawInput]) -> Any:  # noqa: A002
    done = act(
        info,
        input,
        lambda session, report_id: acts.withdraw(session, report_id, input.version, input.reason),
        shows=("supportReport",),
        type_name="SupportReport",
        record_id=as_uuid(input.id),
    )
    return SupportReportWithdrawPayload(**await done)


MOST_REPORTS = 500


async def _submitted(info: Info, given: SupportReportSubmitInput, *shows: str) -> dict[str, Any]:
    async def perform(session: Session, report_id: UUID) -> None:
        await acts.submit(session, report_id, _report(given, session.today))

    return await act(info, given, perform, shows=shows, type_name="SupportReport", question=_needs_to_know(given))


def _needs_to_know(given: SupportReportSubmitInput) -> Question:
    """As `acts.submit` will ask, if nothing is wrong with the input."""
    named = [one.identity.own_id.strip() for part in given.parts for one in part.about if one.identity]
    service_id = as_uuid(given.service_id) if given.service_id else None
    return acts.needs_to_know(given.kind_of_support, service_id, named[: acts.MOST_PARTS * acts.MOST_PEOPLE])


def _report(given: SupportReportSubmitInput, today: datetime.date) -> acts.Report:
    return acts.Report(
        kind_of_support=given.kind_of_support,
        given_on=given.given_on,
        delivery=given.delivery,
        parts=tuple(_part(part, today, f"parts.{place}") for place, part in enumerate(given.parts)),
        need_level=given.need_level,
        people_reached=given.people_reached,
        is_light_touch=given.is_light_touch,
        family_id=as_uuid(given.family_id) if given.family_id else None,
        household_id=as_uuid(given.household_id) if given.household_id else None,
        service_id=as_uuid(given.service_id) if given.service_id else None,
    )


def _part(given: SupportReportPartInput, today: datetime.date, where: str) -> acts.Part:
    return acts.Part(
        about=tuple(about(one, today, f"{where}.about.{place}") for place, one in enumerate(given.about)),
        what_was_done=given.what_was_done,
        outcome=given.outcome,
        sensitivity=given.sensitivity,
        is_released=given.is_released,
        caution=caution(given.caution, today, f"{where}.caution"),
    )


def _change(given: SupportReportPartChangeInput, today: datetime.date, where: str) -> acts.PartChange:
    said_so = caution(given.caution, today, f"{where}.caution")
    return acts.PartChange(given.what_was_done, given.outcome, given.sensitivity, given.is_released, said_so)


@strawberry.type
class SupportReportMutations:
    support_report_submit: SupportReportSubmitPayload = mutation(
        submit,
        SupportReportSubmitPayload,
        "Report support that you gave. No search is needed first: say in the input who it was for.",
    )
    support_report_submit_many: SupportReportSubmitManyPayload = mutation(
        submit_many,
        SupportReportSubmitManyPayload,
        "Report up to 500 at once; each line is answered for itself, in order.",
    )
    support_report_amend: SupportReportAmendPayload = mutation(
        amend,
        SupportReportAmendPayload,
        "Say it better. Only the agency that made the report; the earlier version is kept.",
    )
    support_report_withdraw: SupportReportWithdrawPayload = mutation(
        withdraw,
        SupportReportWithdrawPayload,
        "Take a report back, with a reason. Only the agency that made it, which still sees it.",
    )

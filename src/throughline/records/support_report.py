"""Support given: a common part, and one part for each person it is about, each with its own sensitivity."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Index, Integer, SmallInteger, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Custody, Day, Id, Instant, belongs, has_belongings, one_of, refers
from throughline.db.refusal import bad_input, not_found, stale
from throughline.db.session import Question, Session
from throughline.linking.identity import own_record_of, said, who_is_known
from throughline.records.about import About, lives_there, sees_family
from throughline.records.caution import Caution
from throughline.records.caution import amended as caution_amended
from throughline.records.caution import columns as caution_columns
from throughline.records.change import day, words
from throughline.records.record import Cautioned, Record, cautioned_rules, record_rules
from throughline.terms.record_kind import RecordKind
from throughline.terms.sensitivity import Sensitivity
from throughline.terms.severity import Severity
from throughline.terms.work import Delivery


class SupportKind(Base):
    """What kinds of support there are, and how careful one must be with each at least: data of the area."""

    __tablename__ = "support_kind"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    label: Mapped[str] = mapped_column(Text)
    floor: Mapped[str] = mapped_column(Text)

    __table_args__ = (one_of("floor", Sensitivity),)


class SupportReport(Record, Base):
    """The common part. A light-touch report has no other: no free text, about a family or nobody by name.

    `parts_made`: how many parts the report has, whoever may see them; never shown.
    """

    __tablename__ = "support_report"

    kind_of_support: Mapped[str] = mapped_column(Text)
    given_on: Mapped[Day]
    delivery: Mapped[str] = mapped_column(Text)
    is_light_touch: Mapped[bool] = mapped_column(Boolean)
    people_reached: Mapped[int | None] = mapped_column(Integer)
    need_level: Mapped[str | None] = mapped_column(Text)
    household_id: Mapped[UUID | None] = refers("household")
    family_id: Mapped[UUID | None] = refers("family")
    parts_made: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = record_rules(
        has_belongings("support_report"),
        one_of("delivery", Delivery),
        one_of("need_level", Severity),
        CheckConstraint("people_reached is null or people_reached between 1 and 10000", name="people_reached"),
        CheckConstraint("is_light_touch or family_id is null", name="only_light_touch_names_a_family"),
        Index(None, "family_id"),
        Index(None, "practitioner_id"),
    )


class SupportReportPart(Cautioned, Base):
    """What the report says about some of its people. `people`: how many, so that one is told from several at once."""

    __tablename__ = "support_report_part"

    id: Mapped[Id]
    report_id: Mapped[UUID]
    agency_id: Mapped[UUID] = refers("agency")
    custodian_id: Mapped[Custody]
    service_id: Mapped[UUID | None] = refers("service")
    sensitivity: Mapped[str] = mapped_column(Text)
    ordinal: Mapped[int] = mapped_column(SmallInteger)
    what_was_done: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(Text)
    is_released: Mapped[bool] = mapped_column(Boolean)
    people: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (
        one_of("sensitivity", Sensitivity),
        CheckConstraint("sensitivity <> 'CONFIDENTIAL' or service_id is not null", name="confidential_has_service"),
        Index(None, "report_id"),
        belongs("report_id", "support_report"),
        has_belongings("support_report_part"),
        *cautioned_rules(),
    )


class SupportReportPartPerson(Base):
    """Whom a part is about, with all that the policy asks of the part and its report: whether it shows is decided on this row
    alone, before the report is read. The database keeps it in step with both (`db/security.sql`)."""

    __tablename__ = "support_report_part_person"

    part_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    identity_record_id: Mapped[UUID] = refers("identity_record", primary_key=True)
    custodian_id: Mapped[Custody]
    agency_id: Mapped[UUID] = refers("agency")
    service_id: Mapped[UUID | None] = refers("service")
    practitioner_id: Mapped[UUID | None] = refers("practitioner")
    household_id: Mapped[UUID | None] = refers("household")
    report_id: Mapped[UUID] = refers("support_report")
    sensitivity: Mapped[str] = mapped_column(Text)
    given_on: Mapped[Day]
    is_released: Mapped[bool] = mapped_column(Boolean)
    people: Mapped[int] = mapped_column(SmallInteger)
    parts_made: Mapped[int] = mapped_column(SmallInteger)
    withdrawn_at: Mapped[Instant | None]
    must_not_be_told_id: Mapped[UUID | None] = mapped_column(Uuid)

    __table_args__ = (Index(None, "identity_record_id"), Index(None, "report_id"), belongs("part_id", "support_report_part"))


@dataclass(frozen=True, slots=True)
class Part:
    about: tuple[About, ...]
    what_was_done: str
    outcome: str | None = None
    sensitivity: Sensitivity | None = None
    is_released: bool = False
    caution: Caution | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What a practitioner reports. Light-touch: no parts, a kind of support whose floor is STANDARD."""

    kind_of_support: str
    given_on: date
    delivery: Delivery
    parts: tuple[Part, ...] = ()
    need_level: Severity | None = None
    people_reached: int | None = None
    is_light_touch: bool = False
    family_id: UUID | None = None
    household_id: UUID | None = None
    service_id: UUID | None = None


def needs_to_know(kind_of_support: str, service_id: UUID | None, own_ids: Iterable[str]) -> Question:
    """What `submit` asks first of a report of this kind about these people of the agency's."""
    return Question(_FACTS, (kind_of_support, service_id)) + who_is_known(own_ids, service_id)


async def submit(session: Session, report_id: UUID, report: Report) -> None:
    """Report support given. Nobody is searched for first: an identity in the input is enough. Raises Refused."""
    _check(report, session.today)
    named = [about.identity for part in report.parts for about in part.about if about.identity]
    row = await session.ask(needs_to_know(report.kind_of_support, report.service_id, (one.own_id for one in named)))
    if row["floor"] is None:
        raise bad_input("There is no such kind of support; `supportKinds` lists them.", "kindOfSupport")
    service_id, floor = _service_of(report, row, session.services), Sensitivity(row["floor"])
    if report.is_light_touch:
        await _submit_light_touch(session, report_id, report, floor)
        return
    confidential = service_id if row["is_confidential"] else None
    if floor is Sensitivity.CONFIDENTIAL and not confidential:
        raise bad_input("Only a confidential service gives support of this kind.", "kindOfSupport")
    people = await _people(session, report.parts, confidential, row)
    await lives_there(session, report.household_id, [record_id for part in people for record_id in part])
    least = Sensitivity.CONFIDENTIAL if confidential else floor
    sensitivities = [_raised(part, least, place) for place, part in enumerate(report.parts)]
    session.add_record(
        RecordKind.SUPPORT_REPORT,
        SupportReport,
        [record_id for part in people for record_id in part],
        id=report_id,
        sensitivity=Sensitivity.CONFIDENTIAL if confidential else Sensitivity.STANDARD,
        service_id=service_id,
        parts_made=len(report.parts),
        **_common(report),
    )
    for place, (part, about, sensitivity) in enumerate(zip(report.parts, people, sensitivities, strict=True)):
        beside = await caution_columns(session, part.caution, f"parts.{place}.caution", service_id=confidential)
        _add_part(session, report_id, place, part, about, sensitivity, service_id, report, beside)


async def amend(session: Session, report_id: UUID, version: int, *, parts: Mapping[UUID, "PartChange"]) -> None:
    """Say it better: new words for parts, as the next version of the report. Only the author's agency. Raises Refused."""
    row = await _own_report(session, report_id)
    made = {part["id"]: part for part in await session.fetch(_PARTS, report_id)}
    for place, (part_id, change) in enumerate(parts.items()):
        part = made.get(part_id)
        if part is None:
            raise not_found(f"parts.{place}.id")
        await _amend_part(session, part, change, f"parts.{place}")
    if not await session.replace(SupportReport, report_id, version):
        raise stale()
    session.wrote(RecordKind.SUPPORT_REPORT, report_id, row["about"])


async def withdraw(session: Session, report_id: UUID, version: int, reason: str) -> None:
    """Take it back, with a reason. It stays, for the author's agency alone. Raises Refused."""
    row = await _own_report(session, report_id)
    why = words(reason, "reason")
    if not await session.replace(SupportReport, report_id, version, withdrawn_at=session.now, withdrawn_reason=why):
        raise stale()
    session.wrote(_kind_of(row), report_id, row["about"])


@dataclass(frozen=True, slots=True)
class PartChange:
    """What changes in a part; None leaves it as it is. Sensitivity may be raised, and never lowered."""

    what_was_done: str | None = None
    outcome: str | None = None
    sensitivity: Sensitivity | None = None
    is_released: bool | None = None
    caution: Caution | None = None


MOST_PARTS, MOST_PEOPLE, MOST_REACHED, LONGEST_TEXT = 20, 20, 10_000, 10_000

_FACTS = (
    "(select floor from portal.support_kind where code = {0}::text) floor, "
    "(select is_confidential from portal.service where id = {1}::uuid and agency_id = me.agency_id) is_confidential"
)
_PARTS = (
    "select id, sensitivity, service_id, must_not_be_told_id from portal.support_report_part where report_id = $1 order by ordinal"
)
_OWN = (
    "select r.is_light_touch, array(select distinct l.identity_record_id from portal.support_report_part p "
    "join portal.support_report_part_person l on l.part_id = p.id where p.report_id = r.id) about "
    "from portal.support_report r "
    "where r.id = $1 and r.agency_id = $2 and r.withdrawn_at is null"
)


async def _own_report(session: Session, report_id: UUID) -> Any:
    """The report, if it is the agency's own and the viewer may see all of it: anything else does not exist."""
    row = await session.fetchrow(_OWN, report_id, session.agency_id)
    if row is None:
        raise not_found("id")
    if not await session.allows("SEE", _kind_of(row), report_id, tuple(row["about"])):
        raise not_found("id")
    return row


def _kind_of(row: Any) -> RecordKind:
    return RecordKind.LIGHT_TOUCH_REPORT if row["is_light_touch"] else RecordKind.SUPPORT_REPORT


def _check(report: Report, today: date) -> None:
    if report.given_on > today:
        raise bad_input("Support cannot have been given on a day to come.", "givenOn")
    day(report.given_on, today, "givenOn")
    if report.people_reached is not None and not 1 <= report.people_reached <= MOST_REACHED:
        raise bad_input(f"Support reaches 1 to {MOST_REACHED} people.", "peopleReached")
    if report.is_light_touch != (not report.parts):
        raise bad_input("A light-touch report has no parts; any other has at least one.", "parts")
    if report.family_id and not report.is_light_touch:
        raise bad_input("Only a light-touch report is about a family; any other names people.", "familyId")
    if len(report.parts) > MOST_PARTS:
        raise bad_input(f"A report has at most {MOST_PARTS} parts.", "parts")
    for place, part in enumerate(report.parts):
        if not 1 <= len(part.about) <= MOST_PEOPLE:
            raise bad_input(f"A part is about 1 to {MOST_PEOPLE} people.", f"parts.{place}.about")
        if not 1 <= len(part.what_was_done.strip()) <= LONGEST_TEXT:
            raise bad_input(f"Say what was done, in at most {LONGEST_TEXT} characters.", f"parts.{place}.whatWasDone")
        if part.outcome and len(part.outcome) > LONGEST_TEXT:
            raise bad_input(f"An outcome has at most {LONGEST_TEXT} characters.", f"parts.{place}.outcome")


def _service_of(report: Report, row: Any, services: tuple[UUID, ...]) -> UUID | None:
    if report.service_id is None:
        return None
    if row["is_confidential"] is None or report.service_id not in services:
        raise not_found("serviceId")
    return report.service_id


def _raised(part: Part, least: Sensitivity, place: int) -> Sensitivity:
    """The floor, or what the author says where that is higher. CONFIDENTIAL is a service's to say, not an author's."""
    said = part.sensitivity or least
    if said is Sensitivity.CONFIDENTIAL and least is not Sensitivity.CONFIDENTIAL:
        raise bad_input("Only a confidential service makes CONFIDENTIAL records.", f"parts.{place}.sensitivity")
    return said.at_least(least)


async def _people(session: Session, parts: Sequence[Part], service_id: UUID | None, known: Any) -> list[list[UUID]]:
    """The identity records that each part is about. `known`: the answer to `needs_to_know`."""
    named = [about.identity for part in parts for about in part.about if about.identity]
    if len(set(named)) != len({identity.own_id for identity in named}):
        raise bad_input("One id of your own stands for two people here: say who it is in one way.", "parts")
    made = await said(session, named, service_id=service_id, known=known)
    found = dict(zip([identity.own_id for identity in named], made, strict=True))
    people: list[list[UUID]] = []
    for place, part in enumerate(parts):
        records: dict[UUID, None] = {}
        for number, about in enumerate(part.about):
            where = f"parts.{place}.about.{number}"
            if (about.identity is None) == (about.person_id is None):
                raise bad_input("Name each person either by `personId` or by `identity`.", where)
            if about.identity:
                records[found[about.identity.own_id]] = None
            elif about.person_id:
                if not await session.sees_person(about.person_id):
                    raise not_found(f"{where}.personId")
                records[await own_record_of(session, about.person_id, service_id=service_id)] = None
        people.append(list(records))
    return people


def _common(report: Report) -> dict[str, Any]:
    return {
        "kind_of_support": report.kind_of_support,
        "given_on": report.given_on,
        "delivery": report.delivery,
        "is_light_touch": report.is_light_touch,
        "people_reached": report.people_reached,
        "need_level": report.need_level,
        "household_id": report.household_id,
        "family_id": report.family_id,
    }


async def _submit_light_touch(session: Session, report_id: UUID, report: Report, floor: Sensitivity) -> None:
    if floor is not Sensitivity.STANDARD:
        raise bad_input("A light-touch report is about STANDARD support only.", "kindOfSupport")
    if report.need_level or report.service_id:
        raise bad_input("A light-touch report carries date, kind, how delivered and people reached only.", "needLevel")
    if report.family_id and not await sees_family(session, report.family_id):
        raise not_found("familyId")
    if report.household_id:
        raise bad_input("A light-touch report is about a family, not about one household of it.", "householdId")
    session.add_record(RecordKind.LIGHT_TOUCH_REPORT, SupportReport, [], id=report_id, parts_made=0, **_common(report))


def _add_part(
    session: Session, report_id: UUID, place: int, part: Part, about: Sequence[UUID],
    sensitivity: Sensitivity, service_id: UUID | None, report: Report, beside: dict[str, Any],
) -> None:  # fmt: skip
    walls = {"agency_id": session.agency_id, "service_id": service_id, "sensitivity": sensitivity}
    part_id = session.add(
        SupportReportPart,
        report_id=report_id,
        ordinal=place + 1,
        what_was_done=part.what_was_done.strip(),
        outcome=part.outcome,
        is_released=part.is_released,
        people=len(about),
        **walls,
        **beside,
    )
    asked = {
        "report_id": report_id,
        "practitioner_id": session.practitioner_id,
        "household_id": report.household_id,
        "given_on": report.given_on,
        "is_released": part.is_released,
        "people": len(about),
        "parts_made": len(report.parts),
    }
    if whom := beside.get("must_not_be_told_id"):
        asked["must_not_be_told_id"] = whom
    for record_id in about:
        session.add(SupportReportPartPerson, part_id=part_id, identity_record_id=record_id, **walls, **asked)


async def _amend_part(session: Session, part: Any, change: PartChange, where: str) -> None:
    changes: dict[str, Any] = {}
    if change.what_was_done is not None:
        if not 1 <= len(change.what_was_done.strip()) <= LONGEST_TEXT:
            raise bad_input(f"Say what was done, in at most {LONGEST_TEXT} characters.", f"{where}.whatWasDone")
        changes["what_was_done"] = change.what_was_done.strip()
    if change.outcome is not None:
        if len(change.outcome) > LONGEST_TEXT:
            raise bad_input(f"An outcome has at most {LONGEST_TEXT} characters.", f"{where}.outcome")
        changes["outcome"] = change.outcome
    if change.is_released is not None:
        changes["is_released"] = change.is_released
    if change.sensitivity is not None:
        changes["sensitivity"] = _amended(change.sensitivity, Sensitivity(part["sensitivity"]), where)
    if change.caution is not None:
        changes |= await caution_amended(session, change.caution, part, f"{where}.caution")
    if changes:
        await session.change(SupportReportPart, "id", part["id"], **changes)


def _amended(said: Sensitivity, was: Sensitivity, where: str) -> Sensitivity:
    """Raised, never lowered: a part was SENSITIVE for a reason that whoever amends it may not know."""
    if (said is Sensitivity.CONFIDENTIAL) != (was is Sensitivity.CONFIDENTIAL):
        raise bad_input("A confidential service's records stay CONFIDENTIAL, and nobody else's become so.", f"{where}.sensitivity")
    return said.at_least(was)

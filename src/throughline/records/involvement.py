"""The thin fact that an agency is working with somebody, and how to reach it, without the content."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Custody, Day, refers
from throughline.db.refusal import bad_input, not_found
from throughline.db.session import Session
from throughline.records.about import About, lives_there, named_one
from throughline.records.change import changed, ends, own, runs, words
from throughline.records.record import Cautioned, Record, cautioned_rules, record_rules
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.record_kind import RecordKind
from throughline.terms.sensitivity import Sensitivity


class Involvement(Record, Cautioned, Base):
    __tablename__ = "involvement"

    identity_record_id: Mapped[UUID] = refers("identity_record")
    custodian_id: Mapped[Custody]
    household_id: Mapped[UUID | None] = refers("household")
    how_to_reach: Mapped[str] = mapped_column(Text)
    from_on: Mapped[Day]
    until_on: Mapped[date | None]

    __table_args__ = record_rules(
        *cautioned_rules(),
        CheckConstraint("until_on is null or until_on >= from_on", name="ends_after_it_starts"),
        Index(None, "identity_record_id"),
    )


@dataclass(frozen=True, slots=True)
class Start:
    """The own agency works with somebody from this day. `service_id`: a confidential one's involvement exists for it alone."""

    about: About
    how_to_reach: str
    from_on: date
    until_on: date | None = None
    household_id: UUID | None = None
    service_id: UUID | None = None
    sensitivity: Sensitivity | None = None


LONGEST_HOW_TO_REACH = 500
FLOOR = {AgencyKind.POLICE: Sensitivity.SENSITIVE}
"""The least sensitivity of an involvement by kind of agency, whatever the data say (`involvement_floor`)."""

_FACTS = (
    "select a.kind, (select is_confidential from portal.service where id = $2 and agency_id = $1) is_confidential, "
    "array(select s.involvement_floor from portal.service s where s.id = $2 or ($2 is null and s.id = any($3))) "
    "|| a.involvement_floor floors from portal.agency a where a.id = $1"
)
"""An author who names no service speaks for all of theirs: the highest floor counts."""


async def start(session: Session, involvement_id: UUID, wanted: Start) -> None:
    """Say that the agency works with somebody, and how to reach it. Raises Refused."""
    runs(wanted.from_on, wanted.until_on, session.today)
    sensitivity = await sensitivity_of(session, wanted.service_id, wanted.sensitivity)
    confidential = wanted.service_id if sensitivity is Sensitivity.CONFIDENTIAL else None
    record_id = await named_one(session, wanted.about, "about", service_id=confidential)
    await lives_there(session, wanted.household_id, [record_id])
    session.add_record(
        RecordKind.INVOLVEMENT,
        Involvement,
        [record_id],
        id=involvement_id,
        service_id=wanted.service_id,
        sensitivity=sensitivity,
        identity_record_id=record_id,
        household_id=wanted.household_id,
        how_to_reach=words(wanted.how_to_reach, "howToReach", LONGEST_HOW_TO_REACH),
        from_on=wanted.from_on,
        until_on=wanted.until_on,
    )


async def end(session: Session, involvement_id: UUID, version: int, until_on: date) -> None:
    """The last day on which the agency works with them. Raises Refused."""
    row = await own(session, RecordKind.INVOLVEMENT, Involvement, involvement_id, version)
    await changed(session, RecordKind.INVOLVEMENT, Involvement, row, until_on=ends(row, until_on, session.today))


async def sensitivity_of(session: Session, service_id: UUID | None, said_by_author: Sensitivity | None) -> Sensitivity:
    """The floor, or what the author says where that is higher. CONFIDENTIAL is a service's to say, not an
    author's."""
    row = await session.fetchrow(_FACTS, session.agency_id, service_id, list(session.services))
    if service_id and (row["is_confidential"] is None or service_id not in session.services):
        raise not_found("serviceId")
    if row["is_confidential"]:
        return Sensitivity.CONFIDENTIAL
    if said_by_author is Sensitivity.CONFIDENTIAL:
        raise bad_input("Only a confidential service makes CONFIDENTIAL records.", "sensitivity")
    floor = FLOOR.get(AgencyKind(row["kind"]), Sensitivity.STANDARD)
    for said in row["floors"]:
        if said != Sensitivity.CONFIDENTIAL:  # that is a confidential service's, which was named or does not count
            floor = floor.at_least(Sensitivity(said))
    return (said_by_author or floor).at_least(floor)

"""The team around a family: positions held by a practitioner of any agency and role, for a household and named people."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Custody, Day, Instant, belongs, has_belongings, one_of, refers
from throughline.db.refusal import Refused, bad_input, not_found, stale
from throughline.db.session import Session
from throughline.records.about import About, family_of, named
from throughline.records.change import allowed, changed, confirmed, ends, proposed, runs, seen
from throughline.records.record import Cautioned, Record, cautioned_rules, record_rules
from throughline.terms.record_kind import RecordKind
from throughline.terms.role import Role
from throughline.terms.work import Position


class TeamPosition(Record, Cautioned, Base):
    """Opens nothing until a second agency has said yes (`confirmed_by_agency_id`), and from then only on its days."""

    __tablename__ = "team_position"

    household_id: Mapped[UUID] = refers("household")
    family_id: Mapped[UUID] = refers("family")
    holder_id: Mapped[UUID] = refers("practitioner")
    holder_agency_id: Mapped[UUID] = refers("agency")
    position: Mapped[str] = mapped_column(Text)
    from_on: Mapped[Day]
    until_on: Mapped[date | None]
    confirmed_by_agency_id: Mapped[UUID | None] = refers("agency")
    confirmed_by_id: Mapped[UUID | None] = refers("practitioner")
    confirmed_at: Mapped[Instant | None]

    __table_args__ = record_rules(
        *cautioned_rules(),
        one_of("position", Position),
        CheckConstraint("confirmed_by_agency_id is distinct from agency_id", name="confirmed_by_another_agency"),
        CheckConstraint("until_on is null or until_on >= from_on", name="ends_after_it_starts"),
        Index(None, "household_id"),
        Index(None, "family_id"),
        Index(None, "holder_id"),
        has_belongings("team_position"),
    )


class TeamPositionPerson(Base):
    """A person whom the position covers, by the identity record that it was decided on."""

    __tablename__ = "team_position_person"

    position_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    identity_record_id: Mapped[UUID] = refers("identity_record", primary_key=True)
    custodian_id: Mapped[Custody]
    agency_id: Mapped[UUID] = refers("agency")

    __table_args__ = (Index(None, "identity_record_id"), belongs("position_id", "team_position"))


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who is to hold which position, for a household and the people of it whom the position covers."""

    household_id: UUID
    holder_id: UUID
    position: Position
    about: tuple[About, ...]
    from_on: date
    until_on: date | None = None


async def propose(session: Session, position_id: UUID, wanted: Proposal, *, is_new: bool = False) -> None:
    """Propose a position. To cover more people, propose another: it opens nothing until a second agency says yes. `is_new`: the
    household was started in this act. Raises Refused."""
    runs(wanted.from_on, wanted.until_on, session.today)
    holder_agency_id = await _agency_of(session, wanted)
    people = await named(session, wanted.about)
    household = await session.fetchrow("select family_id from portal.household where id = $1", wanted.household_id)
    if household is None:
        raise not_found("householdId")
    is_seen = is_new or await _is_seen(session, wanted.household_id)
    session.add_record(
        RecordKind.TEAM_POSITION,
        TeamPosition,
        people,
        id=position_id,
        household_id=wanted.household_id,
        family_id=household["family_id"],
        holder_id=wanted.holder_id,
        holder_agency_id=holder_agency_id,
        position=wanted.position,
        from_on=wanted.from_on,
        until_on=wanted.until_on,
    )
    for record_id in people:
        session.add(
            TeamPositionPerson,
            position_id=position_id,
            identity_record_id=record_id,
            agency_id=session.agency_id,
        )
    session.touched.update(people)
    if not is_seen:
        await _or_absent(session, position_id, people)
    elif not is_new:
        await session.check()
    if not await _live_there(session, wanted.household_id, people, is_seen=is_seen):
        if not is_seen:
            raise not_found("householdId")
        raise bad_input("A position covers people of its household: add them to the household first.", "about")


async def confirm(session: Session, position_id: UUID, version: int) -> None:
    """Say yes to another agency's proposal: it opens what sentences give the holder, from now and on its days. Raises Refused."""
    row = await proposed(session, RecordKind.TEAM_POSITION, TeamPosition, position_id, version)
    if row["position"] == Position.LEAD:
        await _be_the_only_lead(session, row)
    await confirmed(session, RecordKind.TEAM_POSITION, TeamPosition, row)


async def end(session: Session, position_id: UUID, version: int, until_on: date) -> None:
    """The position's last day: from the next it opens nothing. The holder may always step down. Raises Refused."""
    row = await seen(session, RecordKind.TEAM_POSITION, TeamPosition, position_id)
    if row["holder_id"] != session.practitioner_id:
        await allowed(session, RecordKind.TEAM_POSITION, row, version)
    elif row["version"] != version:
        raise stale()
    await changed(session, RecordKind.TEAM_POSITION, TeamPosition, row, until_on=ends(row, until_on, session.today))


_HOLDER = """
    select p.agency_id, exists (select from portal.practitioner_role h where h.practitioner_id = p.id
      and h.role = $2 and (h.until_on is null or h.until_on >= $3)) is_social_worker
    from portal.practitioner p join portal.agency a on a.id = p.agency_id
    where p.id = $1 and p.disabled_at is null and a.suspended_at is null
"""
_THERE = """
    select v.id, v.identity_record_id, v.agency_id, array(select i.id from portal.identity_record i where i.person_id = vi.person_id
      and i.id = any($2)) named
    from portal.membership v join portal.identity_record vi on vi.id = v.identity_record_id
    where v.household_id = $1 and v.withdrawn_at is null and (v.until_on is null or v.until_on >= $3)
"""
# The lead's own further positions cover more people of the household.
_OTHER_LEAD = """
    select 1 from portal.team_position p
    where p.household_id = $1 and p.id <> $2 and p.position = 'LEAD' and p.withdrawn_at is null
      and p.confirmed_by_agency_id is not null
      and p.from_on <= coalesce($4::date, 'infinity') and coalesce(p.until_on, 'infinity') >= $3
      and p.holder_id <> $5
"""


async def _agency_of(session: Session, wanted: Proposal) -> UUID:
    holder = await session.fetchrow(_HOLDER, wanted.holder_id, Role.SOCIAL_WORKER, session.today)
    if holder is None:
        raise not_found("holderId")
    if wanted.position == Position.ALLOCATED_SOCIAL_WORKER and not holder["is_social_worker"]:
        raise bad_input("Only a social worker is allocated a case.", "holderId")
    agency_id: UUID = holder["agency_id"]
    return agency_id


async def _is_seen(session: Session, household_id: UUID) -> bool:
    try:
        await family_of(session, household_id)
    except Refused:
        return False
    return True


async def _live_there(session: Session, household_id: UUID, people: list[UUID], *, is_seen: bool) -> bool:
    """Whether all of these belong to the household, as far as their own agency has said or the viewer may see; one without people
    yet takes anybody."""
    there = await session.fetch(_THERE, household_id, people, session.today)
    found: set[UUID] = set()
    for row in there:
        is_ours = row["agency_id"] == session.agency_id
        about = (row["identity_record_id"],)
        if row["named"] and (is_ours or not is_seen or await session.allows("SEE", RecordKind.MEMBERSHIP, row["id"], about)):
            found.update(row["named"])
    return not there or found.issuperset(people)


async def _or_absent(session: Session, position_id: UUID, people: list[UUID]) -> None:
    """A household of which the viewer sees nothing, and for which they may propose nobody, does not exist for them. Raises
    Refused."""
    await session.flush()
    if not await session.allows("WRITE", RecordKind.TEAM_POSITION, position_id, tuple(people)):
        raise not_found("householdId")


async def _be_the_only_lead(session: Session, row: Any) -> None:
    """One household, one lead. The lock keeps two proposals from being confirmed at the same moment."""
    await session.fetch("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"lead {row['household_id']}")
    days = row["from_on"], row["until_on"]
    if await session.fetchrow(_OTHER_LEAD, row["household_id"], row["id"], *days, row["holder_id"]):
        raise bad_input("The household has a lead on some of these days: end that position first.", "id")

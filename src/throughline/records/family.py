"""A family begins with its first household and somebody who is to lead; further households come when people part."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from throughline.db.refusal import forbidden, not_found
from throughline.db.session import Session
from throughline.people.family import Family, Household
from throughline.records import team_position
from throughline.records.about import About, sees_family
from throughline.records.change import words
from throughline.records.team_position import Proposal
from throughline.terms.work import Position

LONGEST_LABEL = 100


@dataclass(frozen=True, slots=True)
class Start:
    """The first household, and the practitioner of the own agency who is to lead for these people."""

    label: str
    lead_id: UUID
    about: tuple[About, ...]
    from_on: date


async def start(session: Session, position_id: UUID, wanted: Start) -> None:
    """A new family, its first household and the proposal of a lead. When a second agency has said yes, the lead adds the members.
    Raises Refused."""
    lead = await session.fetchrow("select agency_id from portal.practitioner where id = $1", wanted.lead_id)
    if lead is None or lead["agency_id"] != session.agency_id:
        raise not_found("leadId")
    family_id = session.add(Family, agency_id=session.agency_id)
    household_id = session.add(
        Household,
        family_id=family_id,
        agency_id=session.agency_id,
        label=words(wanted.label, "label", LONGEST_LABEL),
    )
    proposal = Proposal(household_id, wanted.lead_id, Position.LEAD, wanted.about, wanted.from_on)
    await team_position.propose(session, position_id, proposal, is_new=True)


async def start_household(session: Session, household_id: UUID, family_id: UUID, label: str) -> None:
    """Another household of a family whose memberships the viewer may write. Its team is proposed by somebody who is not on the
    first one's: one household's team does nothing in the other (wall W8). Raises Refused."""
    if not await sees_family(session, family_id):
        raise not_found("familyId")
    if not await sees_family(session, family_id, "WRITE"):
        raise forbidden()
    session.happened("HOUSEHOLD", "START", household_id)
    session.add(
        Household,
        id=household_id,
        family_id=family_id,
        agency_id=session.agency_id,
        label=words(label, "label", LONGEST_LABEL),
    )

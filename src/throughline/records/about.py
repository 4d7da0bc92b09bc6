"""Whom an act is about: a person whom the viewer has been shown, or whoever the agency's own system says it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from throughline.db.refusal import bad_input, not_found
from throughline.db.session import Session
from throughline.linking.identity import Identity, own_record_of, said
from throughline.terms.record_kind import RecordKind

MOST_PEOPLE = 20


@dataclass(frozen=True, slots=True)
class About:
    """Somebody, named in one of the two ways."""

    person_id: UUID | None = None
    identity: Identity | None = None


async def named_one(session: Session, about: About, where: str, *, service_id: UUID | None = None) -> UUID:
    """The agency's own identity record of this person, found or made."""
    if (about.identity is None) == (about.person_id is None):
        raise bad_input("Name each person either by `personId` or by `identity`.", where)
    if about.identity:
        return (await said(session, [about.identity], service_id=service_id))[0]
    assert about.person_id  # noqa: S101  # one of the two, as just checked
    if not await session.sees_person(about.person_id):
        raise not_found(f"{where}.personId")
    return await own_record_of(session, about.person_id, service_id=service_id)


async def named(session: Session, about: Sequence[About], where: str = "about") -> list[UUID]:
    """The same for several people, each once."""
    if not 1 <= len(about) <= MOST_PEOPLE:
        raise bad_input(f"Name 1 to {MOST_PEOPLE} people.", where)
    found = [await named_one(session, one, f"{where}.{place}") for place, one in enumerate(about)]
    return list(dict.fromkeys(found))


async def lives_there(session: Session, household_id: UUID | None, records: Sequence[UUID]) -> None:
    """Where a household was named: it exists for the viewer, and one of these people belongs to it, now or soon, as far as the
    viewer may see. Raises Refused."""
    if household_id is None:
        return
    await family_of(session, household_id)
    for row in await session.fetch(_LIVES_THERE, household_id, list(records), session.today):
        if await session.allows("SEE", RecordKind.MEMBERSHIP, row["id"], (row["identity_record_id"],)):
            return
    raise not_found("householdId")


async def family_of(session: Session, household_id: UUID) -> UUID:
    """The family of a household of which the viewer may see a membership or a position today: asked before anything else about
    it. Raises Refused."""
    for row in await session.fetch(_OF_HOUSEHOLD, household_id, session.today):
        for one in row["about"]:
            if await session.allows("SEE", RecordKind(row["kind"]), row["id"], (one,)):
                return UUID(str(row["family_id"]))
    raise not_found("householdId")


async def sees_family(session: Session, family_id: UUID, verb: str = "SEE") -> bool:
    """Whether the viewer may see (or write) one of the memberships that the family has today."""
    for row in await session.fetch(_MEMBERSHIPS, family_id, session.today):
        if await session.allows(verb, RecordKind.MEMBERSHIP, row["id"], (row["identity_record_id"],)):
            return True
    return False


_LIVES_THERE = """
    select distinct v.id, v.identity_record_id from portal.membership v
    join portal.identity_record vi on vi.id = v.identity_record_id
    join portal.identity_record i on i.person_id = vi.person_id
    where v.household_id = $1 and i.id = any($2) and v.withdrawn_at is null and (v.until_on is null or v.until_on >= $3)
"""
_MEMBERSHIPS = """
    select v.id, v.identity_record_id from portal.membership v
    where v.family_id = $1 and v.withdrawn_at is null and v.from_on <= $2 and (v.until_on is null or
      v.until_on >= $2)
"""
_OF_HOUSEHOLD = """
    select * from (
      select 'MEMBERSHIP' kind, v.id, array[v.identity_record_id] about, v.from_on, v.until_on, v.withdrawn_at, v.family_id
      from portal.membership v where v.household_id = $1
      union all
      select 'TEAM_POSITION', p.id, array(select l.identity_record_id from portal.team_position_person l
        where l.position_id = p.id), p.from_on, p.until_on, p.withdrawn_at, p.family_id
      from portal.team_position p where p.household_id = $1) x
    where x.withdrawn_at is null and x.from_on <= $2 and (x.until_on is null or x.until_on >= $2)
"""

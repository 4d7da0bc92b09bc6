"""Linking by decision: a steward or triage worker says that two people are one. The ledger keeps who, when and why."""

from uuid import UUID

from throughline.db.refusal import bad_input, forbidden, not_found
from throughline.db.session import Session
from throughline.terms.record_kind import RecordKind

SHORTEST_REASON = 10
_SCHEMES = ("UPN", "NHS_NUMBER", "ULN")
_CONTRADICT = """
    with held as (
      select i.person_id, replace(n.scheme, 'FORMER_', '') scheme, n.value
      from portal.identity_number n join portal.identity_record i on i.id = n.identity_record_id
      where i.person_id in ($1, $2) and replace(n.scheme, 'FORMER_', '') = any($3))
    select 1 from held one join held other using (scheme)
    where one.person_id = $1 and other.person_id = $2
    group by scheme having not bool_or(one.value = other.value)
    limit 1
"""


async def link(session: Session, person_id: UUID, other_person_id: UUID, reason: str) -> None:
    """Everything that was said of the other is said of the person from now on. Raises Refused."""
    if person_id == other_person_id:
        raise bad_input("These are one person already.", "otherPersonId")
    if len(reason.strip()) < SHORTEST_REASON:
        raise bad_input(f"Say why, in at least {SHORTEST_REASON} characters.", "reason")
    about = []
    for name, one in (("personId", person_id), ("otherPersonId", other_person_id)):
        row = await session.fetchrow("select id from portal.identity_record where person_id = $1 limit 1", one)
        if row is None or not await session.allows("FIND", RecordKind.PERSON, one, (row["id"],)):
            raise not_found(name)
        about.append(row["id"])
    if not await session.allows("LINK", RecordKind.PERSON, person_id, tuple(about)):
        raise forbidden()
    if await session.fetchrow(_CONTRADICT, person_id, other_person_id, list(_SCHEMES)):
        raise bad_input(
            "Agencies hold different numbers for them: two people are not made one against their numbers.", "otherPersonId"
        )
    await session.fetch("select app.link_people($1, $2, $3)", person_id, other_person_id, reason.strip())
    session.wrote(RecordKind.PERSON, person_id, about, "LINK", is_checked=True)
    session.touched.update(about)

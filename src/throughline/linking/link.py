"""Linking by decision: a steward or triage worker says that two people are one. The ledger keeps who, when and why."""

from uuid import UUID

from throughline.db.refusal import bad_input, forbidden, not_found
from throughline.db.session import Session
from throughline.linking.sameness import Said, is_somebody_else
from throughline.terms.record_kind import RecordKind

SHORTEST_REASON = 10
_SAID = """
    select i.given_name, i.date_of_birth,
      array(select row(n.scheme, n.value) from portal.identity_number n where n.identity_record_id = i.id) numbers
    from portal.identity_record i where i.person_id = $1
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
    ours, others = [[Said(*row) for row in await session.fetch(_SAID, one)] for one in (person_id, other_person_id)]
    if any(is_somebody_else(one, other) for one in ours for other in others):
        raise bad_input(
            "Agencies hold other numbers for them, or another forename and birth date: two people are not made one against that.",
            "otherPersonId",
        )
    await session.fetch("select app.link_people($1, $2, $3)", person_id, other_person_id, reason.strip())
    session.wrote(RecordKind.PERSON, person_id, about, "LINK", is_checked=True)
    session.touched.update(about)

"""Own connections: a practitioner says whom they must not meet here. It only closes, so no sentence is asked."""

from uuid import UUID

from throughline.db.columns import new_id
from throughline.db.refusal import bad_input, forbidden, not_found
from throughline.db.session import Session
from throughline.linking.identity import hidden_behind, said
from throughline.people.practitioner import Connection
from throughline.records.about import About
from throughline.terms.work import ConnectionKind

_OF = """
    select id from portal.identity_record where person_id = $1
    order by sensitivity = 'CONFIDENTIAL', agency_id = $2 desc, made_at limit 1
"""


async def declare(session: Session, connection_id: UUID, about: About, kind: ConnectionKind) -> None:
    """From now on the person, and whoever shares a household with them, does not exist for the practitioner (wall W1). Raises
    Refused."""
    if session.practitioner_id is None:
        raise forbidden()
    session.happened("CONNECTION", "DECLARE", connection_id)  # no sentence shows it to anybody; open streams must obey it
    for place, record_id in enumerate(await _whom(session, about)):
        session.add(
            Connection,
            id=new_id() if place else connection_id,
            agency_id=session.agency_id,
            practitioner_id=session.practitioner_id,
            identity_record_id=record_id,
            kind=kind,
        )
        session.touched.add(record_id)


async def _whom(session: Session, about: About) -> list[UUID]:
    """Identity records that stand for the person. Nothing is added to the agency's own where another has one already. Where an
    identity means somebody who does not exist for the practitioner today, that may change, and what was set apart for them does
    exist: both."""
    if (about.identity is None) == (about.person_id is None):
        raise bad_input("Name the person either by `personId` or by `identity`.", "about")
    if about.identity:
        return [
            *await said(session, [about.identity], service_id=None, renews=False),
            *await hidden_behind(session, about.identity),
        ]
    assert about.person_id  # noqa: S101  # one of the two, as just checked
    row = await session.fetchrow(_OF, about.person_id, session.agency_id)
    if row is None or not await session.sees_person(about.person_id):
        raise not_found("about.personId")
    return [row["id"]]

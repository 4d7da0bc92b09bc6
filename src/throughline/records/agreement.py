"""Who agrees or refuses for whom: everybody of 18 for themselves, a young person who is judged able for themselves, and whoever holds
parental responsibility for a child. There is no fixed age."""

from datetime import date
from uuid import UUID

from throughline.db.refusal import bad_input
from throughline.db.session import Session
from throughline.records.change import words
from throughline.terms.sharing import AgreementBy

LONGEST_JUDGED = 2_000

# As their birth date shows to the viewer: what the own agency's system says of them counts alone, where it names them.
_UNDER_18 = """
    select coalesce(bool_or(x.is_unborn or x.date_of_birth > $3), false)
      and not coalesce(bool_or(not x.is_unborn and x.date_of_birth <= $3), false) is_under_18
    from portal.identity_record i join portal.identity_record x on x.person_id = i.person_id
      and (x.id = i.id or x.sensitivity <> 'CONFIDENTIAL') and (x.agency_id = $2 or not exists (select from portal.identity_record o
        where o.person_id = i.person_id and o.agency_id = $2 and not o.is_made_here))
    where i.id = $1
"""


async def spoken(session: Session, people: list[UUID], agreed_by: UUID, judged: str | None) -> AgreementBy:
    """By whose word these people agreed or refused, all by identity records of the own agency. Asked after the policy: a birth date
    decides. Raises Refused."""
    young = {person: await is_under_18(session, person) for person in people}
    for person, is_young in young.items():
        if person != agreed_by and not is_young:
            raise bad_input(
                "Whoever is 18, or of no known birth date, agrees or refuses for themselves: record one for each.", "agreedBy"
            )
    for_themselves = young.get(agreed_by, False)
    if for_themselves and judged is None:
        raise bad_input(
            "Somebody under 18 decides for themselves once they are judged able to: say why they are.", "judgedAbleReason"
        )
    if judged is not None and not for_themselves:
        raise bad_input("Only somebody under 18 who decides for themselves is judged able to.", "judgedAbleReason")
    return AgreementBy.PERSON if set(people) == {agreed_by} else AgreementBy.PARENTAL_RESPONSIBILITY


async def is_under_18(session: Session, record_id: UUID) -> bool:
    row = await session.fetchrow(_UNDER_18, record_id, session.agency_id, _adult_since(session.today))
    return bool(row["is_under_18"])


def judged_able(said: str | None) -> str | None:
    """Raises Refused."""
    return None if said is None else words(said, "judgedAbleReason", LONGEST_JUDGED)


def _adult_since(today: date) -> date:
    """Whoever was born on this day or before is 18 today."""
    return today.replace(year=today.year - 18) if (today.month, today.day) != (2, 29) else date(today.year - 18, 2, 28)

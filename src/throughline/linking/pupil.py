"""Pupils whom a file names: whom of them the portal has met, found for many at once, and what is kept of each.

A file names every pupil of a school, with early help or without. Whoever is known to the agency is kept like anybody whom it
names. Of all others only keyed digests stay, so that a later report of somebody who needs help finds the school where they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from throughline.db.columns import new_id
from throughline.db.session import Session
from throughline.linking.identity import Identity, add_keys, make, only_one, renew, same_people
from throughline.linking.keys import hashed_keys
from throughline.people.person import Person
from throughline.terms.names import fold
from throughline.terms.numbers import parse_upn

_OWN = """
    select i.id, i.person_id, i.own_id, i.given_name, i.family_name, i.date_of_birth, i.is_unborn, i.version,
      (select array_agg(n.scheme || ' ' || n.value) from portal.identity_number n where n.identity_record_id = i.id) numbers,
      array(select k.key from portal.search_key k where k.identity_record_id = i.id) keys
    from portal.identity_record i where i.agency_id = $1 and i.service_id is null and (i.own_id = any($2) or i.person_id = any($3))
    order by (i.given_name is null and i.family_name is null), i.made_at, i.id
"""


@dataclass(frozen=True, slots=True)
class Met:
    """`own`: this agency's identity record for the pupil, a row of `_OWN`; `person_id`: who it is, where somebody has met them."""

    identity: Identity
    keys: tuple[str, ...]
    person_id: UUID | None
    own: Any

    @property
    def is_named_here(self) -> bool:
        return self.own is not None and bool(self.own["given_name"] or self.own["family_name"])

    @property
    def is_somebody_else(self) -> bool:
        """The same UPN came before with another forename and another birth date: one of the two is wrong."""
        if self.own is None or self.own["own_id"] != self.identity.own_id:
            return False
        if not self.is_named_here:
            kept = set(self.own["keys"])
            return bool(kept and self.keys) and kept.isdisjoint(self.keys)
        given, born = self.own["given_name"], self.own["date_of_birth"]
        return bool(given and born) and fold(given) != fold(self.identity.given_name) and born != self.identity.date_of_birth


def pupil_id(secret: bytes, school: str, upn: str | None, given: str | None, family: str | None, born: date) -> str:
    """The agency's own id for a pupil of a file: a keyed digest of the UPN; without one, of school, names and birth date."""
    if upn and not parse_upn(upn).is_temporary:
        return hashed_keys(secret, [f"UPN {upn}"])[0]
    return hashed_keys(secret, [f"PUPIL {school}|{fold(given or '')}|{fold(family or '')}|{born.isoformat()}"])[0]


async def meet(session: Session, identities: Sequence[Identity]) -> list[Met]:
    """Whom of these the portal has met, in the same order, in two questions however many they are."""
    keys = [identity.link_keys(session.secret) for identity in identities]
    who = await same_people(session, [key for some in keys for key in some])
    people = list({person for some in who.values() for person in some})
    rows = await session.fetch(_OWN, session.agency_id, [i.own_id for i in identities], people)
    return [_met(identity, tuple(some), who, rows) for identity, some in zip(identities, keys, strict=True)]


def _met(identity: Identity, keys: tuple[str, ...], who: dict[str, set[UUID]], rows: Sequence[Any]) -> Met:
    by_id = next((row for row in rows if row["own_id"] == identity.own_id), None)
    person_id = by_id["person_id"] if by_id else only_one(who[key] for key in keys if key in who)
    own = next((row for row in rows if row["person_id"] == person_id), None)
    if by_id and Met(identity, keys, person_id, by_id).is_somebody_else:
        own = by_id
    return Met(identity, keys, person_id, own)


async def keep(session: Session, met: Met, *, is_known: bool) -> tuple[UUID, UUID]:
    """(identity record, person). `is_known`: the agency may know of this person, so it keeps what the file says of them."""
    if met.own is None:
        person_id = met.person_id or session.add(Person, id=new_id())
        identity, keys = (met.identity, ()) if is_known else (Identity(own_id=met.identity.own_id), met.keys)
        because = "NUMBER" if met.person_id else "NEW"
        return await make(session, identity, None, person_id=person_id, because=because, keys=keys), person_id
    if is_known:
        await renew(session, met.identity, met.own, None)
    elif not met.is_named_here:
        add_keys(session, met.own["id"], sorted(set(met.keys) - set(met.own["keys"])))
    return met.own["id"], met.own["person_id"]

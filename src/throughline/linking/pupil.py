"""Pupils whom a file names: whom of them the portal has met, found for many at once, and what is kept of each.

A file names every pupil of a school, with early help or without. Whoever is known to the agency is kept like anybody whom it
names. Of all others only keyed digests stay, so that a later report of somebody who needs help finds the school where they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from throughline.db.session import Question, Session
from throughline.linking.claims import claim, made_already
from throughline.linking.identity import (
    IS_WALLED,
    MINE,
    Identity,
    Match,
    add_keys,
    keys_apart,
    make,
    matches,
    own,
    renew,
    said_before,
)
from throughline.linking.keys import hashed_keys
from throughline.linking.sameness import is_somebody_else
from throughline.people.person import Person, new_person_id
from throughline.terms.names import fold
from throughline.terms.numbers import parse_upn

_COLUMNS = (
    "id", "person_id", "own_id", "service_id", "given_name", "family_name", "date_of_birth", "is_unborn", "version", "set_apart_turn",
    "custodian_id",
)  # fmt: skip
_OWN = (
    f"array(select row({', '.join(f'i.{name}' for name in _COLUMNS)}, "
    "(select array_agg(n.scheme || ' ' || n.value) from portal.identity_number n where n.identity_record_id = i.id), "
    f"array(select k.key from portal.search_key k where k.identity_record_id = i.id), {IS_WALLED}) "
    "from portal.identity_record i where i.agency_id = me.agency_id and i.service_id is null "
    f"and (i.own_id = any({{0}}::text[]) and not i.is_made_here or i.person_id = any({{1}}::uuid[])) and {MINE} "
    "order by (i.given_name is null and i.family_name is null), i.made_at, i.id) own"
)


@dataclass(frozen=True, slots=True)
class Met:
    """`own`: this agency's identity record for the pupil, a row of `_OWN`; `person_id`: who it is, where somebody has met them;
    `turn`: see `identity.Own`. `keys`: link keys as they are kept for this pupil."""

    identity: Identity
    keys: tuple[str, ...]
    person_id: UUID | None
    own: Any
    turn: int = 0

    @property
    def is_named_here(self) -> bool:
        return self.own is not None and bool(self.own["given_name"] or self.own["family_name"])

    @property
    def is_somebody_else(self) -> bool:
        """The same id came before with another forename and another birth date, or number: one of the two is wrong."""
        if self.own is None or self.own["own_id"] != self.identity.own_id:
            return False
        if not self.is_named_here:
            kept = set(self.own["keys"])
            return bool(kept and self.keys) and kept.isdisjoint(self.keys)
        return is_somebody_else(said_before(self.own), self.identity.said)


def pupil_id(secret: bytes, school: str, upn: str | None, given: str | None, family: str | None, born: date) -> str:
    """The agency's own id for a pupil of a file: a keyed digest of the UPN; without one, of school, names and birth date."""
    if upn and not parse_upn(upn).is_temporary:
        return hashed_keys(secret, [f"UPN {upn}"])[0]
    return hashed_keys(secret, [f"PUPIL {school}|{fold(given or '')}|{fold(family or '')}|{born.isoformat()}"])[0]


async def meet(session: Session, identities: Sequence[Identity]) -> list[Met]:
    """Whom of these the portal has met, in the same order, in two questions however many they are."""
    found = await matches(session, identities, [False] * len(identities), None)
    people = sorted({one.person_id for one in found if one.person_id})
    answer = await session.ask(Question(_OWN, ([i.own_id for i in identities], people)))
    rows = [dict(zip((*_COLUMNS, "numbers", "keys", "is_walled"), row, strict=True)) for row in answer["own"]]
    return [_met(session, identity, match, rows) for identity, match in zip(identities, found, strict=True)]


def _met(session: Session, identity: Identity, match: Match, rows: Sequence[Any]) -> Met:
    before = own(row for row in rows if row["own_id"] == identity.own_id)
    person_id = before.row["person_id"] if before.row else match.person_id
    row = next((row for row in rows if row["person_id"] == person_id), None)
    turn = 0 if before.row else before.turn or int(match.is_apart)
    keys = identity.link_keys(session.secret)
    is_apart = turn > 0 or bool(row and row["set_apart_turn"])
    met = Met(identity, tuple(keys_apart(session, keys) if is_apart else keys), person_id, row, turn)
    if before.row and replace(met, own=before.row).is_somebody_else:
        return replace(met, own=before.row)
    return met


async def keep(session: Session, met: Met, *, is_known: bool) -> tuple[UUID, UUID]:
    """(identity record, person). `is_known`: the agency may know of this person, so it keeps what the file says of them."""
    if met.own is None:
        person_id = met.person_id or made_already(session, met.keys, None) or session.add(Person, id=new_person_id())
        identity, keys = (met.identity, ()) if is_known else (Identity(own_id=met.identity.own_id), met.keys)
        because = "NUMBER" if met.person_id else "NEW"
        match = Match(person_id, is_apart=met.turn > 0)
        return await make(session, identity, None, match=match, because=because, keys=keys, turn=met.turn), person_id
    if is_known:
        await renew(session, met.identity, met.own, None, may_correct=True)
    elif not met.is_named_here:
        new = set(met.keys) - set(met.own["keys"])
        add_keys(session, met.own["id"], new, None, met.own["custodian_id"])
        claim(session, new, None, met.own["person_id"])
    return met.own["id"], met.own["person_id"]

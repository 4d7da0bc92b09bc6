"""An agency says who somebody is; this finds or makes the identity record that it speaks of, and the person behind it.

One plain way for now: this agency's own id seen before is the same record; else a UPN or NHS number *with* forename and birth
date is the same person; else a person of its own. What the caller gets back never tells which of these it was.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from throughline.db.columns import new_id
from throughline.db.session import Session
from throughline.linking.keys import hashed_keys, link_keys
from throughline.linking.ledger import LinkEvent, SearchKey
from throughline.people.identity_record import MADE_HERE, IdentityNumber, IdentityRecord
from throughline.people.person import Person
from throughline.people.practitioner import Assignment
from throughline.terms.names import search_keys
from throughline.terms.sensitivity import Sensitivity


@dataclass(frozen=True, slots=True)
class Identity:
    """What an agency's own system says about a person. Numbers are normalised and checked before they get here."""

    own_id: str
    given_name: str | None = None
    family_name: str | None = None
    date_of_birth: date | None = None
    is_unborn: bool = False
    sex: str | None = None
    upn: str | None = None
    former_upn: str | None = None
    uln: str | None = None
    nhs_number: str | None = None
    postcode: str | None = None

    @property
    def numbers(self) -> list[tuple[str, str]]:
        said = {"UPN": self.upn, "FORMER_UPN": self.former_upn, "ULN": self.uln, "NHS_NUMBER": self.nhs_number}
        said["POSTCODE"] = self.postcode
        return [(scheme, value) for scheme, value in said.items() if value]

    def link_keys(self, secret: bytes) -> list[str]:
        return link_keys(secret, self.numbers, self.given_name, self.date_of_birth)


_KNOWN = """
    select i.id, i.own_id, i.given_name, i.family_name, i.date_of_birth, i.is_unborn, i.version,
      (select array_agg(n.scheme || ' ' || n.value) from portal.identity_number n where n.identity_record_id = i.id) numbers,
      exists (select from portal.assignment s where s.identity_record_id = i.id and s.practitioner_id = $4
              and (s.until_on is null or s.until_on >= $5)) is_assigned
    from portal.identity_record i where i.agency_id = $1 and i.service_id is not distinct from $2 and i.own_id = any($3)
"""
_BY_KEY = (
    "select k.key, i.person_id from portal.search_key k join portal.identity_record i on i.id = k.identity_record_id "
    "where k.key = any($1)"
)


async def said(session: Session, identities: Sequence[Identity], *, service_id: UUID | None, assigns: bool = True) -> list[UUID]:
    """The identity records of this agency for these people, found or made. `assigns`: and the practitioner to each.

    `service_id`: only for a confidential service, which keeps identity records of its own.
    """
    rows = await session.fetch(
        _KNOWN, session.agency_id, service_id, [i.own_id for i in identities], session.practitioner_id, session.today
    )
    known = {row["own_id"]: row for row in rows}
    found: dict[str, UUID] = {}
    for identity in identities:
        if identity.own_id in found:
            continue
        row = known.get(identity.own_id)
        record_id = row["id"] if row else await make(session, identity, service_id)
        if row:
            await renew(session, identity, row, service_id)
        if assigns and not (row and row["is_assigned"]):
            _assign(session, record_id)
        found[identity.own_id] = record_id
    return [found[identity.own_id] for identity in identities]


async def own_record_of(session: Session, person_id: UUID, *, service_id: UUID | None, assigns: bool = True) -> UUID:
    """This agency's identity record for a person whom the viewer may see; an empty one is made where there is none."""
    row = await session.fetchrow(
        "select id from portal.identity_record where person_id = $1 and agency_id = $2 "
        "and service_id is not distinct from $3 order by made_at limit 1",
        person_id, session.agency_id, service_id,
    )  # fmt: skip
    if row:
        record_id: UUID = row["id"]
        if assigns and not await _is_assigned(session, record_id):
            _assign(session, record_id)
        return record_id
    identity = Identity(own_id=f"{MADE_HERE}{person_id}")
    return await make(session, identity, service_id, person_id=person_id, because="DECIDED", assign=assigns)


async def _is_assigned(session: Session, record_id: UUID) -> bool:
    row = await session.fetchrow(
        "select from portal.assignment where identity_record_id = $1 and practitioner_id = $2 "
        "and (until_on is null or until_on >= $3)",
        record_id, session.practitioner_id, session.today,
    )  # fmt: skip
    return row is not None


def _assign(session: Session, record_id: UUID) -> None:
    """Whoever reports support supports the person: that opens only what their own agency made."""
    if session.practitioner_id is None:
        return
    session.assignments.append(
        session.add(
            Assignment,
            agency_id=session.agency_id,
            practitioner_id=session.practitioner_id,
            identity_record_id=record_id,
            from_on=session.today,
        )
    )


async def make(
    session: Session, identity: Identity, service_id: UUID | None, *,
    person_id: UUID | None = None, because: str = "NEW", assign: bool = False, keys: Iterable[str] = (),
) -> UUID:  # fmt: skip
    """A new identity record of this agency. `person_id`: whose it is, if that is decided; `keys`: link keys beside its own."""
    if person_id is None:
        person_id = await _same_person(session, identity)
        because = "NUMBER" if person_id else "NEW"
    person_id = person_id or session.add(Person, id=new_id())
    record_id = session.add(
        IdentityRecord,
        person_id=person_id,
        agency_id=session.agency_id,
        service_id=service_id,
        practitioner_id=session.practitioner_id,
        sensitivity=_careful(service_id),
        own_id=identity.own_id,
        given_name=identity.given_name,
        family_name=identity.family_name,
        date_of_birth=identity.date_of_birth,
        is_unborn=identity.is_unborn,
        sex=identity.sex,
        source_rank=session.source_rank,
        version=1,
    )
    _add_numbers(session, record_id, identity.numbers, service_id)
    _describe(session, record_id, identity, identity.numbers)
    add_keys(session, record_id, keys)
    session.add(
        LinkEvent,
        identity_record_id=record_id,
        person_id=person_id,
        because=because,
        agency_id=session.agency_id,
        service_id=service_id,
        practitioner_id=session.practitioner_id,
        at=session.now,
    )
    if assign:
        _assign(session, record_id)
    return record_id


async def _same_person(session: Session, identity: Identity) -> UUID | None:
    """Somebody with this number, this forename and this birth date; nobody where two people would fit."""
    people = await same_people(session, identity.link_keys(session.secret))
    return only_one(people.values())


async def same_people(session: Session, keys: Sequence[str]) -> dict[str, set[UUID]]:
    """Who has each of these link keys."""
    found: dict[str, set[UUID]] = {}
    for row in await session.fetch(_BY_KEY, list(keys)) if keys else ():
        found.setdefault(row["key"], set()).add(row["person_id"])
    return found


def only_one(people: Iterable[set[UUID]]) -> UUID | None:
    """The person whom all of these mean, if it is one."""
    everybody = set().union(*people)
    return everybody.pop() if len(everybody) == 1 else None


async def renew(session: Session, identity: Identity, row: Any, service_id: UUID | None) -> None:
    """The agency's own system says something new about somebody it named before: a new version, the link unchanged."""
    said_now = {
        name: value
        for name in ("given_name", "family_name", "date_of_birth", "is_unborn")
        if (value := getattr(identity, name)) and value != row[name]
    }
    if identity.date_of_birth and row["is_unborn"]:
        said_now["is_unborn"] = False
    numbers = [(scheme, value) for scheme, _, value in (said.partition(" ") for said in row["numbers"] or ())]
    new_numbers = [number for number in identity.numbers if number not in numbers]
    if said_now:
        await session.replace(IdentityRecord, row["id"], row["version"], made_at=session.now, **said_now)
        if {"date_of_birth", "is_unborn"} & said_now.keys():
            session.touched.add(row["id"])  # what age opens and closes
    _add_numbers(session, row["id"], new_numbers, service_id)
    if said_now or new_numbers:
        await session.fetch("delete from portal.search_key where identity_record_id = $1", row["id"])
        kept = {name: row[name] for name in ("given_name", "family_name", "date_of_birth")}
        _describe(session, row["id"], replace(identity, **(kept | said_now)), [*numbers, *new_numbers])


def _add_numbers(session: Session, record_id: UUID, numbers: Sequence[tuple[str, str]], service_id: UUID | None) -> None:
    for scheme, value in numbers:
        session.add(
            IdentityNumber,
            identity_record_id=record_id,
            agency_id=session.agency_id,
            service_id=service_id,
            sensitivity=_careful(service_id),
            scheme=scheme,
            value=value,
        )


def _describe(session: Session, record_id: UUID, identity: Identity, numbers: Sequence[tuple[str, str]]) -> None:
    keys = search_keys(identity.given_name, identity.family_name, identity.date_of_birth)
    linking = link_keys(session.secret, numbers, identity.given_name, identity.date_of_birth)
    add_keys(session, record_id, (*hashed_keys(session.secret, keys), *linking))


def add_keys(session: Session, record_id: UUID, keys: Iterable[str]) -> None:
    for key in keys:
        session.add(SearchKey, key=key, identity_record_id=record_id)


def _careful(service_id: UUID | None) -> Sensitivity:
    return Sensitivity.CONFIDENTIAL if service_id else Sensitivity.STANDARD

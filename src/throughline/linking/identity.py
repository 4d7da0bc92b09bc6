"""An agency says who somebody is; this finds or makes the identity record that it speaks of, and the person behind it.

One plain way for now: this agency's own id seen before is the same record, unless it is now said of somebody else; else a UPN or
NHS number *with* forename and birth date is the same person; else a person of its own. What the caller gets back never tells which of
these it was.

Somebody who does not exist for whoever speaks (wall W1: an opening CONNECTED) is not met either way. What is said of them is set
apart: an identity record of its own, linked to nobody, which the same practitioner alone meets again under the same id or number.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from throughline.db.refusal import Refused, bad_input, stale
from throughline.db.session import Question, Session
from throughline.linking.claims import CLAIMED, claim, claims_of, made_already
from throughline.linking.keys import apart_keys, hashed_keys, link_keys
from throughline.linking.ledger import LinkEvent, SearchKey
from throughline.linking.sameness import Said, is_somebody_else, other_birth, other_name
from throughline.linking.spoken_of import is_spoken_of
from throughline.people.identity_record import IdentityNumber, IdentityRecord
from throughline.people.person import Person, new_person_id
from throughline.terms.because import Because
from throughline.terms.names import search_keys
from throughline.terms.record_kind import RecordKind
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

    @property
    def said(self) -> Said:
        return Said(self.given_name, self.date_of_birth, self.numbers)

    def link_keys(self, secret: bytes) -> list[str]:
        return link_keys(secret, self.numbers, self.given_name, self.date_of_birth)


_NO_SERVICE = UUID(int=0)
"""Stands for no service in the index of own ids."""
IS_WALLED = (
    "exists (select from portal.opening o join portal.identity_record w on w.id = o.subject_id where w.person_id = i.person_id "
    f"and o.holder_id = me.actor_id and o.because = {Because.CONNECTED:d} and o.from_on <= me.today "
    "and (o.until_on is null or o.until_on >= me.today))"
)
NOT_KEPT = "(i.custodian_id is null or i.custodian_id = me.agency_id)"
"""Whoever is protected (wall W3) has no identity record for anybody but their custodian: what others say is said of somebody new."""
MINE = f"(i.set_apart_for is null or i.set_apart_for = me.actor_id) and {NOT_KEPT}"
_SAID_BEFORE = (
    "id", "person_id", "own_id", "service_id", "given_name", "family_name", "date_of_birth", "is_unborn", "version", "set_apart_turn",
    "custodian_id",
)  # fmt: skip
_KNOWN = (
    f"array(select row({', '.join(f'i.{name}' for name in _SAID_BEFORE)}, "
    "(select array_agg(n.scheme || ' ' || n.value) from portal.identity_number n where n.identity_record_id = i.id), "
    f"{IS_WALLED}) "
    "from portal.identity_record i where i.agency_id = me.agency_id and i.own_id = any({0}::text[]) and not i.is_made_here "
    f"and coalesce(i.service_id, '{_NO_SERVICE}'::uuid) = any({{1}}::uuid[]) and {MINE}) known"
)
_KNOWN_COLUMNS = (*_SAID_BEFORE, "numbers", "is_walled")


def who_is_known(own_ids: Iterable[str], service_id: UUID | None) -> Question:
    """What this agency's system has said before of whom it calls so. `service_id`: the service for which it is asked, in case
    that it is a confidential one, with identity records of its own."""
    return Question(_KNOWN, (sorted(set(own_ids)), [_NO_SERVICE, service_id or _NO_SERVICE]))


@dataclass(frozen=True, slots=True)
class Own:
    """What an own id means to whoever says it: a row, or that there is none. `turn`: a new row is set apart, for that many
    times by now; 0 where it is not."""

    row: Any
    turn: int = 0


def own(rows: Iterable[Any]) -> Own:
    """Of the rows with one own id, those of others set apart left out: their own that is set apart, else the agency's."""
    by_turn = {row["set_apart_turn"]: row for row in rows}
    latest = max(by_turn, default=0)
    for turn in (latest, 0):
        if turn in by_turn and not by_turn[turn]["is_walled"]:
            return Own(by_turn[turn])
    return Own(None, latest + 1 if by_turn else 0)


async def said(
    session: Session, identities: Sequence[Identity], *, service_id: UUID | None, known: Any = None, renews: bool = True
) -> list[UUID]:
    """The identity records of this agency for these people, found or made. An id that is now said of somebody else is refused, once
    the policy has let all the rest be.

    `service_id`: only for a confidential service, which keeps identity records of its own. `known`: the answer to
    `who_is_known`, where that was asked. `renews`: what is said anew of somebody known is kept.
    """
    answer = known or await session.ask(who_is_known((i.own_id for i in identities), service_id))
    rows = [dict(zip(_KNOWN_COLUMNS, row, strict=True)) for row in answer["known"]]
    found: dict[str, UUID] = {}
    for identity in identities:
        if identity.own_id in found:
            continue
        before = own(row for row in rows if (row["own_id"], row["service_id"]) == (identity.own_id, service_id))
        if before.row and renews:
            await renew(session, identity, before.row, service_id)
        found[identity.own_id] = before.row["id"] if before.row else await make(session, identity, service_id, turn=before.turn)
    return [found[identity.own_id] for identity in identities]


async def own_record_of(session: Session, person_id: UUID, *, service_id: UUID | None) -> UUID:
    """This agency's identity record for a person whom the viewer may see; an empty one is made where there is none."""
    row = await session.fetchrow(
        "select id from portal.identity_record where person_id = $1 and agency_id = $2 "
        "and service_id is not distinct from $3 order by made_at limit 1",
        person_id, session.agency_id, service_id,
    )  # fmt: skip
    if row:
        record_id: UUID = row["id"]
        return record_id
    identity = Identity(own_id=f"portal:{person_id}")
    return await make(session, identity, service_id, match=Match(person_id), because="DECIDED", is_made_here=True)


@dataclass(frozen=True, slots=True)
class Match:
    """Whom numbers mean to whoever says them, if it is one person. `is_apart`: whoever is meant does not exist for them."""

    person_id: UUID | None = None
    is_apart: bool = False


async def make(
    session: Session, identity: Identity, service_id: UUID | None, *,
    match: Match | None = None, because: str | None = None, keys: Iterable[str] = (), turn: int = 0,
    is_made_here: bool = False,
) -> UUID:  # fmt: skip
    """A new identity record of this agency. `match`: whose it is, if that is decided; `keys`: link keys beside its own; `turn`:
    see `Own`."""
    if match is None:
        (match,) = await matches(session, [identity], [turn > 0], service_id)
    turn = turn or int(match.is_apart)
    linking = _linking(session, identity, identity.numbers, is_apart=turn > 0) | set(keys)
    met = match.person_id or made_already(session, linking, service_id)
    person_id = met or session.add(Person, id=new_person_id())
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
        set_apart_for=session.practitioner_id if turn else None,
        set_apart_turn=turn,
        is_made_here=is_made_here,
    )
    _add_numbers(session, record_id, identity.numbers, service_id)
    add_keys(session, record_id, _finding(session, identity) | linking, service_id)
    claim(session, linking, service_id, person_id)
    session.add(
        LinkEvent,
        identity_record_id=record_id,
        person_id=person_id,
        because=because or ("NUMBER" if met else "NEW"),
        agency_id=session.agency_id,
        service_id=service_id,
        practitioner_id=session.practitioner_id,
        at=session.now,
    )
    return record_id


_MET = (
    f"array(select row(k.key, i.id, i.person_id, {IS_WALLED}) from portal.search_key k "
    f"join portal.identity_record i on i.id = k.identity_record_id where k.key = any({{0}}::text[]) and {NOT_KEPT}) met"
)


async def matches(session: Session, identities: Sequence[Identity], apart: Sequence[bool], service_id: UUID | None) -> list[Match]:
    """Whom the numbers of these mean, in the same order, in one question however many they are: somebody with this number, this
    forename and this birth date; nobody where two people would fit. `apart`: whose own id is walled already."""
    keys = [identity.link_keys(session.secret) for identity in identities]
    if not any(keys):
        return [Match(None, is_apart) for is_apart in apart]
    mine = [keys_apart(session, some) for some in keys]
    every = sorted({key for some in (*keys, *mine) for key in some})
    claims = claims_of(session.secret, every, service_id)
    answer = await session.ask(Question(_MET, (every,)) + Question(CLAIMED, (claims,)))
    session.claims |= dict.fromkeys(set(answer["claimed"]) - session.claims.keys())
    return [_match(answer["met"], *asked) for asked in zip(keys, mine, apart, strict=True)]


def _match(met: Sequence[Any], keys: Sequence[str], mine: Sequence[str], is_apart: bool) -> Match:
    """`keys` find whoever anybody named; `mine`, whom the same practitioner named and was set apart."""
    others = {person for key, _, person, is_walled in met if key in keys and not is_walled}
    behind = is_apart or any(is_walled for key, _, _, is_walled in met if key in keys)
    hidden = {person for key, _, person, is_walled in met if key in mine and not is_walled} if behind else set()
    found = others | hidden
    person_id = found.pop() if len(found) == 1 else None
    return Match(person_id, behind and person_id not in others)


async def hidden_behind(session: Session, identity: Identity) -> list[UUID]:
    """An identity record of everybody whom this own id or these numbers mean, and who does not exist for whoever says them."""
    rows = (await session.ask(who_is_known([identity.own_id], None)))["known"]
    known = [dict(zip(_KNOWN_COLUMNS, row, strict=True)) for row in rows]
    keys = identity.link_keys(session.secret)
    met = (await session.ask(Question(_MET, (keys,))))["met"] if keys else ()
    found = {row["person_id"]: row["id"] for row in known if row["is_walled"]}
    found |= {person_id: record_id for _, record_id, person_id, is_walled in met if is_walled}
    return list(found.values())


def keys_apart(session: Session, keys: Iterable[str]) -> list[str]:
    """Link keys by which nobody but this practitioner finds what is set apart for them; none for a tool."""
    return apart_keys(session.secret, keys, session.practitioner_id) if session.practitioner_id else []


async def renew(session: Session, identity: Identity, row: Any, service_id: UUID | None, *, may_correct: bool = False) -> None:
    """The agency's own system says something new about somebody it named before: a new version, the link unchanged.

    Names and birth dates are put right by whoever may write identity records, or by a file of the agency's (`may_correct`); a number is
    added by anybody who says it with forename and birth date. What others say anew is not kept, and their answer is the same.
    """
    before, now = said_before(row), identity.said
    if is_somebody_else(before, now):
        session.doubt = _somebody_else()
        return
    fields, numbers = _news(identity, row)
    if not fields and not numbers:
        return
    if not (_is_blank(row) or may_correct or await _may_write(session, row["id"])):
        fields, numbers = {}, numbers if _is_named(row, identity) else []
    if not fields and not numbers:
        return
    earlier = [before, *(await _earlier(session, row["id"]) if row["version"] > 1 else ())]
    if any(is_somebody_else(one, now) for one in earlier):
        session.doubt = _somebody_else()
        return
    await _say(session, identity, row, fields, numbers)
    described = replace(identity, **({name: row[name] for name in _NAMING} | fields))
    is_as_ever = not any(other_name(one, described.said) or other_birth(one, described.said) for one in earlier)
    await _describe(session, described, row, [*before.numbers, *numbers], service_id, is_as_ever=is_as_ever)


_NAMING = ("given_name", "family_name", "date_of_birth")
_EARLIER = (
    "select body ->> 'given_name' given_name, (body ->> 'date_of_birth')::date date_of_birth "
    "from portal.record_history where record_id = $1"
)


def said_before(row: Any) -> Said:
    numbers = tuple((scheme, value) for scheme, _, value in (number.partition(" ") for number in row["numbers"] or ()))
    return Said(row["given_name"], row["date_of_birth"], numbers)


def _somebody_else() -> Refused:
    return bad_input(
        "Your own system named somebody else by this id before; give whom you mean an id of their own.", "identity.ownId"
    )


def _news(identity: Identity, row: Any) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """What was not said before: columns, and numbers."""
    names = (*_NAMING, "is_unborn")
    fields = {name: value for name in names if (value := getattr(identity, name)) and value != row[name]}
    if identity.date_of_birth and row["is_unborn"]:
        fields["is_unborn"] = False
    return fields, [number for number in identity.numbers if number not in said_before(row).numbers]


def _is_blank(row: Any) -> bool:
    """Nothing was said yet of whom the agency calls so: an assignment alone had named them."""
    return not row["numbers"] and not any(row[name] for name in _NAMING)


def _is_named(row: Any, identity: Identity) -> bool:
    before, now = said_before(row), identity.said
    is_said = before.given_name and now.given_name and before.date_of_birth and now.date_of_birth
    return bool(is_said) and not other_name(before, now) and not other_birth(before, now)


async def _may_write(session: Session, record_id: UUID) -> bool:
    return await session.allows("WRITE", RecordKind.IDENTITY_RECORD, record_id, (record_id,))


async def _earlier(session: Session, record_id: UUID) -> list[Said]:
    return [Said(row["given_name"], row["date_of_birth"]) for row in await session.fetch(_EARLIER, record_id)]


async def _say(session: Session, identity: Identity, row: Any, fields: dict[str, Any], numbers: Sequence[tuple[str, str]]) -> None:
    if not await session.replace(IdentityRecord, row["id"], row["version"], made_at=session.now, **fields):
        raise stale()
    if {"date_of_birth", "is_unborn"} & fields.keys():
        session.touched.add(row["id"])  # what age opens and closes
    _add_numbers(session, row["id"], numbers, row["service_id"], row["custodian_id"])
    session.wrote(RecordKind.IDENTITY_RECORD, row["id"], [row["id"]], is_checked=True)


async def _describe(
    session: Session,
    described: Identity,
    row: Any,
    numbers: Sequence[tuple[str, str]],
    service_id: UUID | None,
    *,
    is_as_ever: bool,
) -> None:
    """The keys follow what is said now. Link keys come only where forename and birth date are as they were first said, and mean
    nobody else yet: what is put right later brings nobody here."""
    (match,) = await matches(session, [described], [row["set_apart_turn"] > 0], service_id)
    if _is_blank(row) and match.person_id not in (None, row["person_id"]) and not await is_spoken_of(session, row["id"]):
        await _meet(session, row, match.person_id)
    elif match.person_id not in (None, row["person_id"]):
        is_as_ever = False
    is_apart = match.is_apart or row["set_apart_turn"] > 0
    linking = _linking(session, described, numbers, is_apart=is_apart) if is_as_ever else set()
    old = _finding(session, replace(described, **{name: row[name] for name in _NAMING}))
    keys = _finding(session, described) | linking
    await session.fetch("delete from portal.search_key where identity_record_id = $1 and key = any($2)", row["id"], [*old, *keys])
    add_keys(session, row["id"], keys, service_id, row["custodian_id"])
    claim(session, linking, service_id, match.person_id or row["person_id"])


async def _meet(session: Session, row: Any, person_id: UUID) -> None:
    """Nothing was said before of whom the agency calls so (an assignment alone had named them): now their number says who it is."""
    await session.fetch("select app.link_people($1, $2, 'named for the first time, with a number')", person_id, row["person_id"])
    session.touched.add(row["id"])


def _add_numbers(
    session: Session, record_id: UUID, numbers: Sequence[tuple[str, str]], service_id: UUID | None, custodian_id: UUID | None = None
) -> None:
    for scheme, value in numbers:
        session.add(
            IdentityNumber,
            identity_record_id=record_id,
            agency_id=session.agency_id,
            service_id=service_id,
            custodian_id=custodian_id,
            sensitivity=_careful(service_id),
            scheme=scheme,
            value=value,
        )


def _finding(session: Session, identity: Identity) -> set[str]:
    """Keys by which a search finds them."""
    return set(hashed_keys(session.secret, search_keys(identity.given_name, identity.family_name, identity.date_of_birth)))


def _linking(session: Session, identity: Identity, numbers: Sequence[tuple[str, str]], *, is_apart: bool) -> set[str]:
    """Keys by which others who name them meet them."""
    keys = link_keys(session.secret, numbers, identity.given_name, identity.date_of_birth)
    return set(keys_apart(session, keys) if is_apart else keys)


def add_keys(
    session: Session, record_id: UUID, keys: Iterable[str], service_id: UUID | None, custodian_id: UUID | None = None
) -> None:
    """`custodian_id`: of a record that is there already; a new one's follow it (`identity_record.custodian_id`)."""
    for key in sorted(keys):
        session.add(SearchKey, key=key, identity_record_id=record_id, service_id=service_id, custodian_id=custodian_id)


def _careful(service_id: UUID | None) -> Sensitivity:
    return Sensitivity.CONFIDENTIAL if service_id else Sensitivity.STANDARD

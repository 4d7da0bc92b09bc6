"""Worlds for tests, built by hand: one row at a time, as the owner, on one fixed day in Europe/London."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from throughline.access import openings
from throughline.access.viewer import Viewer
from throughline.db.columns import new_id
from throughline.linking.keys import hashed_keys, link_keys
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.holder import KIND_HOLDER
from throughline.terms.names import search_keys
from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind
from throughline.terms.role import Role
from throughline.terms.sensitivity import Sensitivity

TODAY = date(2026, 3, 11)
NOW = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
BEFORE = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
AREA = "Marlbeck"
LONDON = ZoneInfo("Europe/London")
SECRET = b"a secret of these tests, long enough to be one"
EVERY_KIND = tuple(RecordKind)
UNCONFIRMED: UUID | None = None

STANDARD, SENSITIVE, CONFIDENTIAL = Sensitivity.STANDARD, Sensitivity.SENSITIVE, Sensitivity.CONFIDENTIAL


def day(offset: int) -> date:
    """That many days from today."""
    return TODAY + timedelta(days=offset)


@dataclass(frozen=True, slots=True)
class Someone:
    """A practitioner (or a tool) in one of their roles. `service_id`: in which they make records, where that matters."""

    id: UUID
    agency_id: UUID
    role: Role
    client_id: str
    service_id: UUID | None = None
    is_tool: bool = False

    def asks(self, purpose: Purpose) -> Viewer:
        return Viewer(self.id, self.client_id, self.role, purpose, self.is_tool)


@dataclass(frozen=True, slots=True)
class Human:
    """A person, by the first identity record that was made for them."""

    person_id: UUID
    record_id: UUID


@dataclass(frozen=True, slots=True)
class Home:
    family_id: UUID
    household_id: UUID


Maker = Someone | UUID
"""Who made a row: a practitioner, or an agency alone."""


@dataclass(slots=True)
class World:
    """`connection`: the owner's, for plain inserts. Openings are derived when `settle` is called."""

    connection: Any
    made: int = field(default=0)

    async def join(self, table: str, **columns: Any) -> None:
        places = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
        await self.connection.execute(f"insert into portal.{table} ({', '.join(columns)}) values ({places})", *columns.values())

    async def add(self, table: str, **columns: Any) -> UUID:
        columns = {"id": new_id(), **columns}
        await self.join(table, **columns)
        return UUID(str(columns["id"]))

    async def change(self, table: str, row_id: UUID, **columns: Any) -> None:
        """Without a new version's ado: the owner may not skip the history, so records go up by one."""
        sets = [f"{name} = ${place}" for place, name in enumerate(columns, 2)]
        if await self.connection.fetchval("select true from pg_trigger where tgname = 'keep_history' "
                                          "and tgrelid = ('portal.' || $1)::regclass", table):  # fmt: skip
            sets.append("version = version + 1")
        await self.connection.execute(f"update portal.{table} set {', '.join(sets)} where id = $1", row_id, *columns.values())

    async def settle(self) -> None:
        """Derive everything that the records open."""
        await openings.refresh_all(self.connection)

    def _number(self) -> int:
        self.made += 1
        return self.made

    # Agencies and those who work there

    async def agency(self, kind: AgencyKind, name: str = "", area: str = AREA, **columns: Any) -> UUID:
        name = name or f"{kind} {self._number()}"
        return await self.add("agency", kind=str(kind), name=name, area=area, source_rank=5, **columns)

    async def service(self, agency_id: UUID, *, confidential: bool = True) -> UUID:
        name = f"Service {self._number()}"
        return await self.add("service", agency_id=agency_id, name=name, is_confidential=confidential)

    async def practitioner(
        self, agency_id: UUID, role: Role, *, services: Sequence[UUID] = (), manager: Someone | None = None, name: str = ""
    ) -> Someone:
        number = self._number()
        person = await self.add(
            "practitioner", agency_id=agency_id, name=name or f"Practitioner {number}", job_title=str(role),
            email=f"{number}@example.org", manager_id=manager.id if manager else None,
        )  # fmt: skip
        await self.join("practitioner_role", practitioner_id=person, role=str(role))
        client = f"client-{number}"
        await self.add("oauth_client", client_id=client, practitioner_id=person, auth_method="private_key_jwt")
        for service_id in services:
            await self.member(service_id, person)
        return Someone(person, agency_id, role, client, services[0] if services else None)

    async def member(self, service_id: UUID, practitioner_id: UUID, first: int = -100, last: int | None = None) -> UUID:
        return await self.add("service_member", service_id=service_id, practitioner_id=practitioner_id, **_dated(first, last))

    async def tool(self, agency_id: UUID, role: Role) -> Someone:
        number = self._number()
        tool = await self.add("tool", agency_id=agency_id, name=f"Tool {number}")
        await self.join("tool_role", tool_id=tool, role=str(role))
        client = f"client-{number}"
        await self.add("oauth_client", client_id=client, tool_id=tool, auth_method="private_key_jwt")
        return Someone(tool, agency_id, role, client, is_tool=True)

    # People

    async def person(self, by: Maker, given: str = "Sara", family: str = "Khan", born: date | None = date(2015, 5, 6),
                     **columns: Any) -> Human:  # fmt: skip
        person_id = await self.add("person", made_at=BEFORE)
        record_id = await self.known_to(by, person_id, given=given, family=family, born=born, **columns)
        return Human(person_id, record_id)

    async def known_to(self, by: Maker, person_id: UUID, *, given: str | None = None, family: str | None = None,
                       born: date | None = None, own_id: str = "", **columns: Any) -> UUID:  # fmt: skip
        """An identity record of this maker for a person."""
        walls = _walls(by, CONFIDENTIAL if isinstance(by, Someone) and by.service_id else STANDARD)
        record_id = await self.add(
            "identity_record", person_id=person_id, own_id=own_id or f"own-{self._number()}", given_name=given,
            family_name=family, date_of_birth=born, version=1,
            **{"made_at": BEFORE, "is_unborn": False, "source_rank": 5, **walls, **columns},
        )  # fmt: skip
        for key in hashed_keys(SECRET, search_keys(given, family, born)):
            await self.join("search_key", key=key, identity_record_id=record_id, service_id={**walls, **columns}["service_id"])
        return record_id

    async def number(self, record_id: UUID, scheme: str, value: str) -> UUID:
        """A number on an identity record, by whoever made that."""
        maker = await self.connection.fetchrow(
            "select agency_id, service_id, sensitivity, given_name, date_of_birth from portal.identity_record where id = $1",
            record_id,
        )
        for key in link_keys(SECRET, [(scheme, value)], maker["given_name"], maker["date_of_birth"]):
            await self.join("search_key", key=key, identity_record_id=record_id, service_id=maker["service_id"])
        walls = {name: maker[name] for name in ("agency_id", "service_id", "sensitivity")}
        return await self.add("identity_number", identity_record_id=record_id, scheme=scheme, value=value, made_at=BEFORE, **walls)

    async def assigned(self, who: Someone, record_id: UUID, first: int = -10, last: int | None = None) -> UUID:
        row = await self.connection.fetchrow("select service_id, sensitivity from portal.identity_record where id = $1", record_id)
        return await self.record(
            "assignment", who.agency_id, Sensitivity(row["sensitivity"]), service_id=row["service_id"], holder_id=who.id,
            identity_record_id=record_id, **_dated(first, last),
        )  # fmt: skip

    async def connected(self, who: Someone, record_id: UUID, *, ended: int | None = None) -> UUID:
        return await self.add(
            "connection", agency_id=who.agency_id, practitioner_id=who.id, identity_record_id=record_id, kind="RELATIVE",
            made_at=BEFORE, ended_on=None if ended is None else day(ended),
        )  # fmt: skip

    # Families

    async def home(self, by: Maker, family_id: UUID | None = None, *members: Human) -> Home:
        """A household of a family (a new one where none is given), and who lives there."""
        agency = _agency(by)
        family = family_id or await self.add("family", agency_id=agency, made_at=BEFORE)
        household = await self.add("household", family_id=family, agency_id=agency, label="Home", made_at=BEFORE)
        home = Home(family, household)
        for member in members:
            await self.lives(by, member, home)
        return home

    async def lives(self, by: Maker, member: Human, home: Home, first: int = -900, last: int | None = None) -> UUID:
        return await self.record(
            "membership", by, identity_record_id=member.record_id, household_id=home.household_id,
            family_id=home.family_id, role="CHILD", **_dated(first, last),
        )  # fmt: skip

    async def related(self, by: Maker, one: Human, other: Human, home: Home | None = None) -> UUID:
        return await self.record(
            "relationship", by, identity_record_id=one.record_id, other_identity_record_id=other.record_id,
            household_id=home and home.household_id, kind="PARENTAL_RESPONSIBILITY_FOR",
        )  # fmt: skip

    async def responsible(self, by: Maker, holder: Human, child: Human, home: Home, **columns: Any) -> UUID:
        """That somebody has parental responsibility for a child."""
        return await self.record(
            "parental_responsibility", by, identity_record_id=holder.record_id, other_identity_record_id=child.record_id,
            household_id=home.household_id, known_by="BIRTH_CERTIFICATE", **columns,
        )  # fmt: skip

    # What opens access

    async def enrolled(self, by: Maker, child: Human, school_id: UUID, first: int = -100, last: int | None = None, *,
                       confirmed_by: UUID | None = None, **columns: Any) -> UUID:  # fmt: skip
        """On roll from `first` to `last`, both included; a proposal while nobody has confirmed it."""
        return await self.record(
            "enrolment", by, identity_record_id=child.record_id, school_id=school_id, **_dated(first, last),
            state="CONFIRMED" if confirmed_by else "PROPOSED", confirmed_by_agency_id=confirmed_by,
            confirmed_at=BEFORE if confirmed_by else None, **columns,
        )  # fmt: skip

    async def position(self, by: Maker, holder: Someone, home: Home, names: Iterable[Human], position: str = "MEMBER",
                       first: int = -10, last: int | None = None, *, confirmed_by: UUID | None = None,
                       **columns: Any) -> UUID:  # fmt: skip
        """A position around a household, naming people; it stands once another agency has confirmed it."""
        made = await self.record(
            "team_position", by, household_id=home.household_id, family_id=home.family_id, holder_id=holder.id,
            holder_agency_id=holder.agency_id, position=position, **_dated(first, last),
            confirmed_by_agency_id=confirmed_by, **columns,
        )  # fmt: skip
        for human in names:
            await self.join("team_position_person", position_id=made, identity_record_id=human.record_id, agency_id=_agency(by))
        return made

    async def decision(self, by: Maker, receivers: Iterable[UUID | AgencyKind], names: Iterable[Human], *,
                       kinds: Iterable[RecordKind] = EVERY_KIND, sensitive: Iterable[RecordKind] = (),
                       purpose: Purpose = Purpose.SUPPORT, agreed: bool = False, first: int = -10, last: int = 90,
                       confirmed_by: UUID | None = None, withdrawn: int | None = None, **columns: Any) -> UUID:  # fmt: skip
        """A sharing decision. `kinds` for STANDARD records, `sensitive` for SENSITIVE ones; `withdrawn`: days from today."""
        made = await self.record(
            "sharing_decision", by, lawful_basis="PUBLIC_TASK", purpose=str(purpose),
            kinds=sum(kind.bit for kind in kinds), sensitive_kinds=sum(kind.bit for kind in sensitive),
            is_agreed_by_person=agreed, decided_by="Mia", from_on=day(first), review_on=day(last), until_on=day(last),
            confirmed_by_agency_id=confirmed_by, withdrawn_on=None if withdrawn is None else day(withdrawn),
            **{"is_refusal": False, **columns},
        )  # fmt: skip
        for human in names:
            await self.join("sharing_decision_person", decision_id=made, identity_record_id=human.record_id, agency_id=_agency(by))
        for receiver in receivers:
            holder = KIND_HOLDER[receiver] if isinstance(receiver, AgencyKind) else receiver
            await self.join("sharing_decision_receiver", decision_id=made, receiver_id=holder, agency_id=_agency(by))
        return made

    async def reason(self, by: Maker, names: Iterable[Human], **columns: Any) -> UUID:
        """Why a decision was made; without `decision_id`, a proposal to share without agreement that waits for its second signature."""
        proposed = {"without_agreement": "CRIME", "explanation": "The officer said so."}
        made = await self.record(
            "sharing_reason", by, lawful_basis="PUBLIC_TASK", purpose="SUPPORT", kinds=1, sensitive_kinds=0, decided_by="Mia",
            from_on=day(-1), receiver_ids=[], **{"review_on": day(0), "until_on": day(0), "is_refusal": False, **proposed, **columns},
        )  # fmt: skip
        for human in names:
            await self.join("sharing_reason_person", reason_id=made, identity_record_id=human.record_id, agency_id=_agency(by))
        return made

    async def agreement(self, by: Maker, about: Human, sensitivity: Sensitivity = STANDARD, **columns: Any) -> UUID:
        return await self.record(
            "service_agreement", by, sensitivity, identity_record_id=about.record_id, agreed_by_record_id=about.record_id,
            **{"service": "Talking", "is_refusal": False, "agreed_by": "PERSON", "from_on": day(-9), **columns},
        )  # fmt: skip

    async def contact(self, by: Maker, about: Human, front_door: UUID, received: int = -3, decided: int | None = None,
                      **columns: Any) -> UUID:  # fmt: skip
        return await self.record(
            "contact", by, identity_record_id=about.record_id, front_door_id=front_door, channel="PHONE",
            reason="worried", received_on=day(received), decided_on=None if decided is None else day(decided), **columns,
        )  # fmt: skip

    async def emergency(self, by: Someone, about: Human, made_at: datetime = NOW - timedelta(hours=1), hours: int = 4,
                        **columns: Any) -> UUID:  # fmt: skip
        return await self.record(
            "emergency_access", by, SENSITIVE, identity_record_id=about.record_id, **emergency(made_at, hours), **columns
        )

    async def rights_request(self, by: Maker, about: Human, state: str = "APPROVED", **columns: Any) -> UUID:
        """A request for one's own data, as far as `state` says; approved by somebody new of the maker's agency."""
        far: dict[str, Any] = {"state": state}
        if state != "OPEN":
            far |= {"identity_check": "PHOTO_DOCUMENT", "checked_at": BEFORE}
        if state in ("APPROVED", "CLOSED"):
            approver = await self.practitioner(_agency(by), Role.TEAM_MANAGER)
            far |= {"approved_by_id": approver.id, "approved_at": BEFORE}
        if state == "CLOSED":
            far |= {"closed_at": BEFORE, "outcome": "GIVEN"}
        careful = CONFIDENTIAL if isinstance(by, Someone) and by.service_id else STANDARD
        return await self.about("rights_request", by, about, careful, **{**far, **columns})

    # Records

    async def record(self, table: str, by: Maker, sensitivity: Sensitivity = STANDARD, **columns: Any) -> UUID:
        """A record of this maker, with the columns that all records have."""
        walls = {**_walls(by, sensitivity), "version": 1, "made_at": BEFORE}
        return await self.add(table, **{**walls, **columns})

    async def about(self, table: str, by: Maker, human: Human, sensitivity: Sensitivity = STANDARD, **columns: Any) -> UUID:
        """A record about one person, of a kind whose other columns have ordinary values here."""
        return await self.record(table, by, sensitivity, identity_record_id=human.record_id, **{**ORDINARY[table], **columns})

    async def report(self, by: Maker, *parts: tuple[Iterable[Human], Sensitivity], released: bool = False,
                     given: int = -2, **columns: Any) -> UUID:  # fmt: skip
        """A support report; each part is (people, sensitivity)."""
        confidential = any(sensitivity is CONFIDENTIAL for _, sensitivity in parts)
        report = await self.record(
            "support_report", by, CONFIDENTIAL if confidential else STANDARD, kind_of_support="TALK", given_on=day(given),
            delivery="VISIT", is_light_touch=False, parts_made=len(parts), **columns,
        )  # fmt: skip
        for place, (people, sensitivity) in enumerate(parts, 1):
            records = [human.record_id for human in people]
            walls = {name: value for name, value in _walls(by, sensitivity).items() if name != "practitioner_id"}
            part = await self.add(
                "support_report_part", report_id=report, ordinal=place, what_was_done=f"part {place}",
                is_released=released, people=len(records), **walls,
            )  # fmt: skip
            for record_id in records:
                await self.join("support_report_part_person", part_id=part, identity_record_id=record_id, **walls)
        return report

    async def protected(self, by: Maker, human: Human, what: str = "IDENTITY", readers: Iterable[Someone] = (), first: int = 0,
                        last: int | None = None, **columns: Any) -> UUID:  # fmt: skip
        """Who or where somebody is, is for this maker's agency to say."""
        made = await self.record(
            "protection", by, identity_record_id=human.record_id, what=what, reason="A threat.", **_dated(first, last), **columns
        )  # fmt: skip
        for reader in readers:
            await self.join("protection_reader", protection_id=made, practitioner_id=reader.id, agency_id=_agency(by))
        return made

    async def light_touch(self, by: Maker, home: Home | None = None, **columns: Any) -> UUID:
        return await self.record(
            "support_report", by, kind_of_support="TALK", given_on=day(-2), delivery="GROUP", is_light_touch=True,
            people_reached=7, family_id=home and home.family_id, parts_made=0, **columns,
        )  # fmt: skip

    async def kinds_of_support(self) -> None:
        for code, floor in (("TALK", STANDARD), ("THERAPY", SENSITIVE)):
            await self.join("support_kind", code=code, label=code.title(), floor=str(floor))


def emergency(made_at: datetime = NOW - timedelta(hours=1), hours: int = 4) -> dict[str, Any]:
    """The columns of an emergency access, which is SENSITIVE and made by somebody."""
    opened_on = made_at.astimezone(LONDON).date()
    return {
        "ground": "SIGNIFICANT_HARM", "reason": "afraid to go home", "hours": hours, "made_at": made_at, "opened_on": opened_on,
        "until_at": made_at + timedelta(hours=hours), "review_due_on": opened_on + timedelta(days=5),
    }  # fmt: skip


ORDINARY: dict[str, dict[str, Any]] = {
    "emergency_access": {**emergency(NOW), "sensitivity": "SENSITIVE"},
    "involvement": {"how_to_reach": "ring", "from_on": day(-50)},
    "need": {"severity": "ADDITIONAL", "reason": "tired", "area": AREA, "from_on": day(-50)},
    "legal_status": {"status": "CHILD_IN_NEED", "from_on": day(-50)},
    "rights_request": {"asked_by": "PERSON", "received_on": day(-5), "due_on": day(25), "state": "OPEN"},
    "address": {"lines": "1 High Street", "is_confidential": False, "from_on": day(-500)},
    "court_order": {"kind": "PROHIBITED_STEPS", "from_on": day(-50)},
    "legal_hold": {"reason": "The inquiry", "kinds": [], "from_on": day(-5)},
    "attendance": {
        "counted_on": day(-50), "academic_year": 2025, "sessions_possible": 100, "sessions_attended": 90,
        "sessions_authorised": 6, "sessions_unauthorised": 4,
    },
}  # fmt: skip


def _agency(by: Maker) -> UUID:
    return by.agency_id if isinstance(by, Someone) else by


def _walls(by: Maker, sensitivity: Sensitivity) -> dict[str, Any]:
    is_someone = isinstance(by, Someone)
    return {
        "agency_id": _agency(by),
        "practitioner_id": by.id if isinstance(by, Someone) and not by.is_tool else None,
        "service_id": by.service_id if is_someone and isinstance(by, Someone) else None,
        "sensitivity": str(sensitivity),
    }


def _dated(first: int, last: int | None) -> dict[str, Any]:
    return {"from_on": day(first), "until_on": None if last is None else day(last)}

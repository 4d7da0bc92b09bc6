"""Who works where in Marlbeck. This alone is in the portal before the story begins."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from tests.journey.signed_in import Worker
from throughline.db.columns import new_id
from throughline.oauth.client import new_secret, secret_hash
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.role import Role

AREA = "Marlbeck"
OAKFIELD_NUMBER, HIGH_SCHOOL_NUMBER = "8012001", "8014001"
SUPPORT_KINDS = {
    "ATTENDANCE_SUPPORT": ("Help to be in school every day", "STANDARD"),
    "SCHOOL_NURSE_REVIEW": ("School nurse's health review", "STANDARD"),
    "PARENTING_SUPPORT": ("Help with parenting", "STANDARD"),
    "COMMUNITY_SAFETY_VISIT": ("Safer neighbourhood visit", "STANDARD"),
    "YOUTH_ACTIVITY": ("Youth club or activity", "STANDARD"),
    "EMOTIONAL_HEALTH": ("Emotional and mental health support", "SENSITIVE"),
    "SEXUAL_HEALTH": ("Sexual health advice", "SENSITIVE"),
}
FEEDS = {"SUPPORT_REPORT": 0, "INVOLVEMENT": 0, "NEED": -40}
"""Kind → the day until which its newest feed reaches, counted from today; promised weekly."""


@dataclass
class Town:
    """Agencies, and those who work there by what the story calls them."""

    oakfield: UUID = field(default_factory=new_id)
    high_school: UUID = field(default_factory=new_id)
    health: UUID = field(default_factory=new_id)
    recovery: UUID = field(default_factory=new_id)
    police: UUID = field(default_factory=new_id)
    youth_group: UUID = field(default_factory=new_id)
    hub: UUID = field(default_factory=new_id)
    council: UUID = field(default_factory=new_id)
    drop_in: UUID = field(default_factory=new_id)
    workers: dict[str, Worker] = field(default_factory=dict)


STAFF: tuple[tuple[str, str, str, Role], ...] = (
    ("teacher", "Priya Nair", "oakfield", Role.SCHOOL_STAFF),
    ("old lead", "Daniel Okoro", "oakfield", Role.SAFEGUARDING_LEAD),
    ("old office", "Helen Shaw", "oakfield", Role.INCLUSION_LEAD),
    ("new lead", "Grace Obi", "high_school", Role.SAFEGUARDING_LEAD),
    ("new teacher", "Tom Rees", "high_school", Role.SCHOOL_STAFF),
    ("nurse", "Joy Mensah", "health", Role.HEALTH_PRACTITIONER),
    ("other nurse", "Ben Ward", "health", Role.HEALTH_PRACTITIONER),
    ("recovery worker", "Ines Costa", "recovery", Role.HEALTH_PRACTITIONER),
    ("officer", "PC Ana Lowe", "police", Role.POLICE_OFFICER),
    ("brother", "PC Karim Haddad", "police", Role.POLICE_OFFICER),
    ("youth worker", "Moses Bell", "youth_group", Role.VOLUNTARY_WORKER),
    ("hub manager", "Ruth Adeyemi", "hub", Role.TEAM_MANAGER),
    ("lead", "Amira Saleh", "hub", Role.FAMILY_PRACTITIONER),
    ("weekend lead", "Leon Hart", "hub", Role.FAMILY_PRACTITIONER),
    ("triage", "Colin Marsh", "council", Role.TRIAGE_WORKER),
    ("steward", "Lin Zhao", "council", Role.IDENTITY_STEWARD),
    ("coordinator", "Eve Banks", "council", Role.TRANSITION_COORDINATOR),
    ("privacy officer", "Omar Faye", "council", Role.PRIVACY_OFFICER),
    ("analyst", "Pia Holm", "council", Role.ANALYST),
    ("administrator", "Sid Khan", "council", Role.AGENCY_ADMINISTRATOR),
    ("school administrator", "Ola Brand", "oakfield", Role.AGENCY_ADMINISTRATOR),
    ("health administrator", "Uma Vale", "health", Role.AGENCY_ADMINISTRATOR),
    ("social worker", "Nadia Petrov", "council", Role.SOCIAL_WORKER),
)
AGENCIES: dict[str, tuple[AgencyKind, str, dict[str, str]]] = {
    "oakfield": (AgencyKind.SCHOOL, "Oakfield Primary School", {"laestab": OAKFIELD_NUMBER, "urn": "112001"}),
    "high_school": (AgencyKind.SCHOOL, "Marlbeck High School", {"laestab": HIGH_SCHOOL_NUMBER, "urn": "114001"}),
    "health": (AgencyKind.HEALTH, "Marlbeck Community Health", {}),
    "recovery": (AgencyKind.HEALTH, "Marlbeck Recovery Service", {}),
    "police": (AgencyKind.POLICE, "Marlbeck Police", {}),
    "youth_group": (AgencyKind.VOLUNTARY, "Beckside Youth Project", {}),
    "hub": (AgencyKind.LOCAL_AUTHORITY, "Marlbeck Family Hub", {}),
    "council": (AgencyKind.LOCAL_AUTHORITY, "Marlbeck Council", {}),
}


async def settle_in(owner_url: str, today: date) -> Town:
    """Write the directory, as the owner of the database."""
    town = Town()
    connection = await asyncpg.connect(owner_url)
    try:
        await _agencies(connection, town, today)
        await _staff(connection, town, today)
        for code, (label, floor) in SUPPORT_KINDS.items():
            await _insert(connection, "support_kind", code=code, label=label, floor=floor)
    finally:
        await connection.close()
    return town


async def _agencies(connection: Any, town: Town, today: date) -> None:
    for name, (kind, title, numbers) in AGENCIES.items():
        await _insert(connection, "agency", id=getattr(town, name), kind=str(kind), name=title, area=AREA, source_rank=5, **numbers)
    await _insert(
        connection, "service", id=town.drop_in, agency_id=town.health, name="Drop-in for young people", is_confidential=True
    )
    for kind_of_record, reaches in FEEDS.items():
        await _insert(
            connection, "feed", id=new_id(), agency_id=town.health, area=AREA, kind=kind_of_record,
            covered_from=today - timedelta(days=400), covered_to=today + timedelta(days=reaches), promised_every_days=7,
        )  # fmt: skip


async def _staff(connection: Any, town: Town, today: date) -> None:
    for called, name, agency, role in STAFF:
        email = f"{called.replace(' ', '.')}@{agency.replace('_', '-')}.example"
        worker = Worker(new_id(), name, getattr(town, agency), role, email, f"{called.replace(' ', '-')}-client", new_secret())
        town.workers[called] = worker
        await _insert(
            connection, "practitioner", id=worker.id, agency_id=worker.agency_id, name=name, job_title=called, email=email
        )
        await _insert(connection, "practitioner_role", practitioner_id=worker.id, role=str(role))
        await _insert(
            connection, "oauth_client", id=new_id(), client_id=worker.client_id, practitioner_id=worker.id,
            auth_method="client_secret_basic", secret_hash=secret_hash(worker.secret),
        )  # fmt: skip
    await _insert(
        connection, "service_member", id=new_id(), service_id=town.drop_in,
        practitioner_id=town.workers["nurse"].id, from_on=today - timedelta(days=100),
    )  # fmt: skip


async def _insert(connection: Any, table: str, **columns: Any) -> None:
    places = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
    await connection.execute(f"insert into portal.{table} ({', '.join(columns)}) values ({places})", *columns.values())

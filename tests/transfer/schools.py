"""A primary and a secondary school, the council and a nurse; children by UPN; files between the schools."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from tests.access.portal import Portal, Writing
from tests.world import TODAY, Human, Someone, World, day
from throughline.db.columns import new_id
from throughline.linking.identity import Identity
from throughline.records import support_report
from throughline.records.about import About
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.numbers import make_upn, parse_laestab
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role
from throughline.terms.work import Delivery
from throughline.transfer.ctf_import import import_ctf
from throughline.transfer.ctf_report import CtfReport
from throughline.transfer.ctf_sample import SamplePupil, SampleSchool, write_ctf

OAK, ELM, ASH = "8012001", "8012002", "8012003"
YESTERDAY, BORN = day(-1), date(2014, 9, 9)
RECORDS = ("person", "identity_record", "identity_number", "search_key", "link_event", "enrolment", "attendance", "address",
           "assignment", "opening", "record_history", "outbox")  # fmt: skip
TEXTS = """
    select table_schema || '.' || table_name as name, string_agg(format('%I::text', column_name), ' || '' '' || ') as text
    from (select c.table_schema, c.table_name, 'coalesce(' || quote_ident(c.column_name) || '::text, '''')' as column_name
          from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
          where t.table_schema in ('portal', 'audit') and t.table_type = 'BASE TABLE') x
    group by 1
"""


def upn(serial: int, authority: str = OAK) -> str:
    return make_upn(f"{authority}19{serial:03d}")


def school(laestab: str) -> SampleSchool:
    return SampleSchool(parse_laestab(laestab), f"1{laestab[2:]}", f"School {laestab}")


def pupil(serial: int = 1, forename: str = "Sara", surname: str = "Quillfeather", **more: Any) -> SamplePupil:
    said = {"upn": upn(serial), "born": BORN.isoformat(), "entered_on": "2019-09-03", "left_on": YESTERDAY.isoformat()}
    return SamplePupil(surname=surname, forename=forename, **(said | {"years": ((2025, 200, 180, 15, 5),)} | more))


def ctf(*pupils: SamplePupil, source: str = OAK, to: str = ELM) -> bytes:
    return b"".join(write_ctf(pupils, source=school(source), destination=to, sent_at="2026-03-10T08:30:00"))


@dataclass
class Town:
    portal: Portal
    council: UUID
    oak: UUID
    elm: UUID
    sender: Someone
    receiver: Someone
    teacher: Someone
    old_lead: Someone
    new_lead: Someone
    nurse: Someone

    @property
    def world(self) -> World:
        return self.portal.world

    @classmethod
    async def built(cls, portal: Portal) -> "Town":
        world = portal.world
        council = await world.agency(AgencyKind.LOCAL_AUTHORITY)
        oak, elm = [await world.agency(AgencyKind.SCHOOL, laestab=laestab) for laestab in (OAK, ELM)]
        health = await world.agency(AgencyKind.HEALTH)
        staff = [
            await world.practitioner(agency, role)
            for agency, role in (
                (oak, Role.INCLUSION_LEAD), (elm, Role.INCLUSION_LEAD), (oak, Role.SCHOOL_STAFF), (oak, Role.SAFEGUARDING_LEAD),
                (elm, Role.SAFEGUARDING_LEAD), (health, Role.HEALTH_PRACTITIONER),
            )
        ]  # fmt: skip
        return cls(portal, council, oak, elm, *staff)

    async def reported(self, by: Someone, serial: int = 1, forename: str = "Sara", surname: str = "Quillfeather",
                       said: str = "Listened.", **more: Any) -> UUID:  # fmt: skip
        """A support report about a pupil, as the agency's own system names them."""
        named = {"own_id": f"{by.agency_id}-{serial}-{forename}", "given_name": forename, "family_name": surname}
        named_so: dict[str, Any] = {**named, "date_of_birth": BORN, "upn": upn(serial), **more}
        part = support_report.Part((About(identity=Identity(**named_so)),), said)
        report = support_report.Report("TALK", TODAY, Delivery.VISIT, (part,))
        report_id = new_id()
        outcome = await self.portal.writes(
            by, Purpose.SUPPORT, Writing(report_id, lambda session: support_report.submit(session, report_id, report))
        )
        assert outcome == "done"
        return report_id

    async def child_of(self, report_id: UUID) -> Human:
        row = await self.world.connection.fetchrow(
            "select i.person_id, i.id from portal.support_report_part_person l "
            "join portal.identity_record i on i.id = l.identity_record_id where l.report_id = $1", report_id,
        )  # fmt: skip
        return Human(row["person_id"], row["id"])

    async def at_oak(self, child: Human, first: int = -900, last: int | None = None) -> UUID:
        """On Oak's roll, as the council confirmed."""
        enrolment = await self.world.enrolled(self.oak, child, self.oak, first, last, confirmed_by=self.council)
        await self.world.settle()
        return enrolment

    async def imports(
        self, data: bytes, by: Someone | None = None, purpose: Purpose = Purpose.TRANSITION, **more: Any
    ) -> CtfReport:
        who = (by or self.sender).asks(purpose)
        return await import_ctf(self.portal.acting, who, data, **({"key": str(new_id()), "operation": "test"} | more))

    async def rows(self, table: str, **where: Any) -> list[Any]:
        matches = " and ".join(f"{name} = ${place}" for place, name in enumerate(where, 1)) or "true"
        found = await self.world.connection.fetch(f"select * from portal.{table} where {matches}", *where.values())
        return list(found)

    async def enrolments(self, school_id: UUID) -> list[tuple[str, date, date | None]]:
        rows = await self.rows("enrolment", school_id=school_id)
        return sorted((row["state"], row["from_on"], row["until_on"]) for row in rows)

    async def everything(self) -> dict[str, list[str]]:
        """All that is recorded about people, to compare."""
        held = {}
        for table in RECORDS:
            held[table] = sorted(str(dict(row)) for row in await self.rows(table))
        return held

    async def says_anywhere(self, word: str) -> list[str]:
        """The tables in which a word stands, in any column of any type."""
        connection: asyncpg.Connection[Any] = self.world.connection
        found = []
        for table in await connection.fetch(TEXTS.replace("format('%I::text', column_name)", "column_name")):
            sql = f"select exists (select from {table['name']} where {table['text']} ilike '%' || $1 || '%')"
            if await connection.fetchval(sql, word):
                found.append(table["name"])
        return found

"""One practitioner to try for each role: whom they meet in the stories, what they see there and what not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from throughline.access.opening import Because
from throughline.access.policy import PRACTITIONERS
from throughline.demo import asks
from throughline.demo.clients import client_id
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

MOST_FAMILIES = 25
Variables = Mapping[str, object]


@dataclass(frozen=True)
class Line:
    """`about`: the name in the stories whose id the query takes as `$id`, or the variables themselves."""

    purpose: Purpose
    sees: str
    does_not_see: str
    query: str
    about: str | None = None
    variables: Variables | None = None


LINES: dict[Role, Line] = {
    Role.SCHOOL_STAFF: Line(
        Purpose.SUPPORT,
        "who is in Noah Hadley’s family and team, and the reports that they wrote about him",
        "anybody else’s report, needs, legal status, or which other agencies are involved",
        asks.FAMILY, "family hadley",
    ),
    Role.SAFEGUARDING_LEAD: Line(
        Purpose.SUPPORT,
        "what every agency reported about Noah Hadley, as a sharing decision names the school where he is",
        "his father’s treatment, his mother’s debts, the drop-in, or Kacper Nowak, who has moved",
        asks.PERSON, "noah",
    ),
    Role.INCLUSION_LEAD: Line(
        Purpose.TRANSITION,
        "who is and was on roll at the school, with UPN while they are, such as Noah Hadley",
        "any support report, need or involvement",
        asks.ENROLMENTS, "noah",
    ),
    Role.TRANSITION_COORDINATOR: Line(
        Purpose.TRANSITION,
        "every enrolment in Marlbeck, such as Kacper Nowak’s proposed move to Marlbeck High School",
        "what support anybody received, and any number or address",
        asks.ENROLMENTS, "kacper",
    ),
    Role.HEALTH_PRACTITIONER: Line(
        Purpose.SUPPORT,
        "STANDARD and SENSITIVE reports about the Hadleys, and what Ellie told the nurse’s drop-in",
        "Oisin Brennan’s family, on whose team the nurse is not, but for what community health wrote",
        asks.FAMILY, "family hadley",
    ),
    Role.POLICE_OFFICER: Line(
        Purpose.SUPPORT,
        "STANDARD reports about the Hadleys, on whose team the officer is",
        "SENSITIVE reports, the drop-in (and a colleague on the team, the mother’s brother, sees nothing)",
        asks.FAMILY, "family hadley",
    ),
    Role.VOLUNTARY_WORKER: Line(
        Purpose.SUPPORT,
        "the Okafor family, which the worker leads: members, team, needs, and the worker’s own reports",
        "reports by others, legal status, or anybody by search",
        asks.FAMILY, "family okafor",
    ),
    Role.FAMILY_PRACTITIONER: Line(
        Purpose.SUPPORT,
        "every STANDARD and SENSITIVE report about the Hadleys, whom they lead, the father’s treatment too",
        "Ellie’s visit to the drop-in, and families that are not theirs, such as the Okafors",
        asks.FAMILY, "family hadley",
    ),
    Role.SOCIAL_WORKER: Line(
        Purpose.PROTECTION,
        "Oisin Brennan’s legal status, STANDARD and SENSITIVE reports about him, the refuge’s address, and that Alva Lindqvist "
        "is protected, who exists for nobody but Children’s Services",
        "what the refuge wrote, his father’s household, and children allocated to others",
        asks.PROTECTION, "oisin",
    ),
    Role.TEAM_MANAGER: Line(
        Purpose.SUPPORT,
        "what Children’s Services reported about children of those they manage, such as Noah Hadley",
        "what school, health, police and groups reported about them",
        asks.PERSON, "noah",
    ),
    Role.TRIAGE_WORKER: Line(
        Purpose.TRIAGE,
        "the undecided contact about Jasleen Kaur, and reports about her and her household",
        "anything about the Hadleys, of whom no contact waits, and anything CONFIDENTIAL",
        asks.TRIAGE, "jasleen",
    ),
    Role.IDENTITY_STEWARD: Line(
        Purpose.IDENTITY,
        "names and birth dates of anybody found by search: Ellie Hadley is there twice, to be linked",
        "any report, school, number or address",
        asks.SEARCH, None, {"input": {"givenName": "Ellie", "familyName": "Hadley", "reason": "SAME_PERSON"}},
    ),
    Role.ANALYST: Line(
        Purpose.OVERSIGHT,
        "what confidential services did last year, as counts for each area, rounded to five",
        "any person, family or record",
        asks.PUBLISHED,
    ),
    Role.PRIVACY_OFFICER: Line(
        Purpose.ASSURANCE,
        "the sharing decisions of Children’s Services, such as those about Noah Hadley, why his records are kept, and what was opened "
        "in emergencies (for RIGHTS: that a parent asks what is kept about his sister)",
        "what was reported about anybody",
        asks.SHARING, "noah",
    ),
    Role.AGENCY_ADMINISTRATOR: Line(
        Purpose.ADMINISTRATION,
        "who they themselves are",
        "any record about anybody",
        asks.VIEWER,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class DemoViewer:
    role: Role
    purpose: Purpose
    practitioner_id: UUID
    practitioner: str
    job_title: str
    agency: str
    client_id: str
    sees: str
    does_not_see: str
    query: str
    variables: Variables


_FIND = """
    select k.client_id, p.id, p.name, p.job_title, a.name agency from portal.oauth_client k
    join portal.practitioner p on p.id = k.practitioner_id join portal.agency a on a.id = p.agency_id
    where k.client_id = any($1)
"""
_FAMILIES = """
    select y.family_id from portal.opening o join portal.household y on y.id = o.subject_id
    where o.holder_id = any($1) and o.because = $3
      and current_date between o.from_on and coalesce(o.until_on, current_date)
    group by y.family_id order by count(distinct o.holder_id) desc, y.family_id limit $2
"""


async def demo_viewers(connection: "asyncpg.Connection[Any]", named: Mapping[str, UUID]) -> list[DemoViewer]:
    """One for each role, in the order of the roles. `named`: from `Seeded`."""
    rows = await connection.fetch(_FIND, [client_id(role) for role in Role])
    found = {row["client_id"]: row for row in rows}
    viewers = []
    for role in Role:
        row, line = found[client_id(role)], LINES[role]
        variables = line.variables or ({"id": str(named[line.about])} if line.about else {})
        viewers.append(
            DemoViewer(
                role,
                line.purpose,
                row["id"],
                row["name"],
                row["job_title"],
                row["agency"],
                row["client_id"],
                line.sees,
                line.does_not_see,
                line.query,
                variables,
            )
        )
    return viewers


async def families_to_ask(connection: "asyncpg.Connection[Any]", viewers: list[DemoViewer]) -> list[UUID]:
    """Families on whose team at least one of the viewers is, for SUPPORT: those see its memberships."""
    holders = [v.practitioner_id for v in viewers if v.purpose is Purpose.SUPPORT and v.role in PRACTITIONERS]
    rows = await connection.fetch(_FAMILIES, holders, MOST_FAMILIES, int(Because.TEAM))
    return [row["family_id"] for row in rows]


def people_to_ask(named: Mapping[str, UUID]) -> list[UUID]:
    """The children of the stories."""
    return [row_id for name, row_id in named.items() if not name.startswith("family ")]

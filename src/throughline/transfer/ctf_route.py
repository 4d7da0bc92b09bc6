"""From which school to which a Common Transfer File goes, and what that lets the agency that brings it do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from throughline.db.refusal import bad_input
from throughline.db.session import Session
from throughline.terms.agency_kind import SCHOOLS, AgencyKind
from throughline.terms.numbers import Laestab
from throughline.transfer.ctf_header import CtfHeader

_SCHOOLS = "select id, laestab, urn, area from portal.agency where kind = any($1)"
_OWN_KIND = "select kind from portal.agency where id = $1"


@dataclass(frozen=True, slots=True)
class Schools:
    """The schools of the portal."""

    rows: Sequence[Any]

    def find(self, laestab: Laestab | None, urn: str | None) -> Any:
        """By the number of its authority, else by its URN; None for a school outside the portal."""
        by_laestab = (row for row in self.rows if laestab and row["laestab"] == str(laestab))
        by_urn = (row for row in self.rows if urn and row["urn"] == urn)
        return next(by_laestab, None) or next(by_urn, None)


@dataclass(frozen=True, slots=True)
class Route:
    """`source_id` and `destination_id` are None for schools outside the portal, `destination_id` also where nobody knows it.

    `is_senders_own`: the school that sent the file brings it in itself. Only then does it confirm.
    """

    schools: Schools
    source_id: UUID | None
    destination_id: UUID | None
    is_senders_own: bool


async def route_of(session: Session, header: CtfHeader) -> Route:
    """Raises Refused for a file that is neither from nor to the agency that brings it, nor a school of its area."""
    schools = Schools(await session.fetch(_SCHOOLS, list(SCHOOLS)))
    source = schools.find(header.source, header.source_urn)
    destination = schools.find(header.destination_school, header.destination_urn)
    if destination is source:
        destination = None
    ends = [school for school in (source, destination) if school]
    kind = (await session.fetchrow(_OWN_KIND, session.agency_id))["kind"]
    is_own = session.agency_id in (school["id"] for school in ends)
    is_areas = kind == AgencyKind.LOCAL_AUTHORITY and session.area in (school["area"] for school in ends)
    if not (is_own or is_areas):
        raise bad_input("The file is neither from your school nor to it. Whoever sent or receives it brings it in.", "content")
    return Route(
        schools,
        source["id"] if source else None,
        destination["id"] if destination else None,
        source is not None and source["id"] == session.agency_id,
    )

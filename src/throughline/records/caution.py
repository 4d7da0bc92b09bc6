"""Who must not be told, and safe contact: said with a record, amended as its next version."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from throughline.db.refusal import bad_input
from throughline.db.session import Session
from throughline.records.about import About, named_one
from throughline.records.change import words
from throughline.terms.sensitivity import Sensitivity

LONGEST_CAUTION = 500


@dataclass(frozen=True, slots=True)
class Caution:
    """`must_not_be_told`: who, and what. `whom`: somebody whom these words mean. `safe_contact`: how, when, what not to do."""

    must_not_be_told: str | None = None
    whom: About | None = None
    safe_contact: str | None = None


async def columns(session: Session, caution: Caution | None, where: str, *, service_id: UUID | None = None) -> dict[str, Any]:
    """What of it stands on a new record. `service_id`: of a confidential service that makes the record. Raises Refused."""
    if caution is None:
        return {}
    if not (caution.must_not_be_told or caution.safe_contact):
        raise bad_input("Say who must not be told, or how to be in touch safely.", where)
    return await _said(session, caution, where, service_id)


async def amended(session: Session, caution: Caution, row: Mapping[str, Any], where: str) -> dict[str, Any]:
    """What stands on the record from now on: the whole caution anew; but whoever was meant is meant still, while somebody must not
    be told and nobody else is named. Raises Refused."""
    service_id = row["service_id"] if row["sensitivity"] == Sensitivity.CONFIDENTIAL else None
    said = {"must_not_be_told": None, "must_not_be_told_id": None, "safe_contact": None}
    said |= await _said(session, caution, where, service_id)
    if caution.must_not_be_told and not caution.whom:
        said["must_not_be_told_id"] = row["must_not_be_told_id"]
    return said


async def confidential(session: Session, service_id: UUID | None) -> UUID | None:
    """The service, if it is a confidential one of the agency's."""
    if service_id is None:
        return None
    row = await session.fetchrow(_CONFIDENTIAL, service_id, session.agency_id)
    return service_id if row else None


async def _said(session: Session, caution: Caution, where: str, service_id: UUID | None) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if caution.must_not_be_told:
        said["must_not_be_told"] = words(caution.must_not_be_told, f"{where}.mustNotBeTold", LONGEST_CAUTION)
    elif caution.whom:
        raise bad_input("Say in words who must not be told, and what.", f"{where}.mustNotBeTold")
    if caution.safe_contact:
        said["safe_contact"] = words(caution.safe_contact, f"{where}.safeContact", LONGEST_CAUTION)
    if caution.whom:
        said["must_not_be_told_id"] = await named_one(session, caution.whom, f"{where}.whom", service_id=service_id)
    return said


_CONFIDENTIAL = "select 1 from portal.service where id = $1 and agency_id = $2 and is_confidential"

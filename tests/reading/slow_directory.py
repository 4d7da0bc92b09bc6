"""Who may look up who works for an agency, and who is found there, done again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.reading.rows import runs_on
from throughline.access.opening import Because
from throughline.access.policy import PRACTITIONERS
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

if TYPE_CHECKING:
    from tests.reading.slow_fields import Desk


def practitioners(desk: Desk, agency_id: UUID | None, begins: str | None) -> list[Any]:
    me, rows = desk.eye.me, desk.eye.rows
    if not _may_look_up(desk, agency_id) or agency_id not in rows.agency or rows.agency[agency_id].suspended_at is not None:
        return []
    found = []
    for row in rows.of("practitioner"):
        services = [m.service_id for m in rows.of("service_member") if m.practitioner_id == row.id and runs_on(m, me.today)]
        is_hidden = bool(services) and all(rows.service[one].is_confidential and one not in me.services for one in services)
        names = [row.name.lower()[place:] for place in range(len(row.name)) if place == 0 or row.name[place - 1] == " "]
        is_named = begins is None or any(name.startswith(begins.lower()) for name in names)
        if row.agency_id == agency_id and row.disabled_at is None and is_named and not is_hidden:
            found.append(row)
    return [row for row in found if _roles(desk, row)][:100]


def _may_look_up(desk: Desk, agency_id: UUID | None) -> bool:
    """Team managers, and whoever leads a household today, for SUPPORT; administrators, in their own agency."""
    me = desk.eye.me
    if me.role is Role.AGENCY_ADMINISTRATOR and me.purpose is Purpose.ADMINISTRATION:
        return agency_id == me.agency_id
    if me.purpose is not Purpose.SUPPORT or me.role not in PRACTITIONERS:
        return False
    leads = [o for o in desk.eye.rows.of("opening") if o.holder_id == me.actor_id and o.because == Because.LEAD]
    return me.role is Role.TEAM_MANAGER or any(runs_on(one, me.today) for one in leads)


def roles_held(desk: Desk, source: Any) -> list[str]:
    return _roles(desk, source.row)


def _roles(desk: Desk, practitioner: Any) -> list[str]:
    today = desk.eye.me.today
    held = [row for row in desk.eye.rows.of("practitioner_role") if row.practitioner_id == practitioner.id]
    return sorted(row.role for row in held if row.role in PRACTITIONERS and (row.until_on is None or row.until_on >= today))

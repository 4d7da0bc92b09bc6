"""The first step of every statement on somebody's behalf: `me`, the viewer as they stand at this moment.

No row means refused: the practitioner or tool has left or is disabled, their agency is suspended, the role is no longer
theirs, or the client is disabled or somebody else's. The same step fills the transaction-local settings that the second wall reads.
"""

from throughline.access.conditions import LAY_KINDS, LAY_ROLES
from throughline.access.opening import Because
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.holder import KIND_HOLDER

_KIND_HOLDER = " ".join(f"when '{kind}' then '{KIND_HOLDER[kind]}'::uuid" for kind in AgencyKind)
_LAY_KINDS = ", ".join(f"'{kind}'" for kind in LAY_KINDS)
_LAY_ROLES = ", ".join(f"'{role}'" for role in LAY_ROLES)

_SERVICES = (
    "coalesce((select array_agg(s.service_id) from portal.service_member s where s.practitioner_id = p.id "
    "and s.from_on <= {today} and (s.until_on is null or s.until_on >= {today})), '{{}}'::uuid[])"
)
_PRACTITIONER = (
    "portal.practitioner p join portal.practitioner_role h on h.practitioner_id = p.id "
    "and (h.until_on is null or h.until_on >= {today})"
)
_OWN_CLIENT = "k.tool_id = p.id"
_A_CLIENT = (
    "(k.practitioner_id = p.id or exists (select from portal.tool t "
    "where t.id = k.tool_id and t.agency_id = p.agency_id and t.disabled_at is null))"
)
"""A practitioner enters by a client of their own, or by a front-end of their agency; nobody by another agency's."""
_TOOL = "portal.tool p join portal.tool_role h on h.tool_id = p.id"


_CONNECTED = f"app.connected({Because.CONNECTED:d}, entered.today)"
"""The identity records of everybody with whom the viewer is connected, those that row security hides too; null for most. Asked over
the row that has made the settings, which say who the viewer is."""
_WITHIN = (
    "least(greatest(statement_timestamp(), {today}::timestamp at time zone 'Europe/London'), "
    "({today} + 1)::timestamp at time zone 'Europe/London' - interval '1 microsecond')"
)


_AUDITS = ", set_config('app.audits', 'own', true) s4"


def me(
    *, is_tool: bool, actor: str, client: str, role: str, purpose: str, today: str, now: str | None = None, audits: bool = False
) -> str:
    """The select behind `me`; the arguments are bind expressions. Columns: see the inner select.

    `now`: the instant for which it is asked, within `today`; without it (whoever asks for a day alone) the database's clock, or the end
    of that day which is nearest to it. `audits`: the statement may read the agency's own part of the trail.
    """
    services = "'{}'::uuid[]" if is_tool else _SERVICES.format(today=today)
    who = _TOOL if is_tool else _PRACTITIONER.format(today=today)
    return (
        f"select entered.*, {_CONNECTED} connected from ("
        "select v.*, set_config('app.viewer', v.actor_id::text, true) s1, set_config('app.agency', v.agency_id::text, true) s2, "
        f"set_config('app.services', array_to_string(v.services, ','), true) s3{_AUDITS if audits else ''} from ("
        f"select p.id actor_id, p.agency_id, a.kind agency_kind, a.area, case a.kind {_KIND_HOLDER} end kind_holder, "
        f"{services} services, (a.kind in ({_LAY_KINDS}) or h.role in ({_LAY_ROLES})) is_lay, h.role, {purpose} purpose, "
        f"{client} client_id, {today} today, {now or _WITHIN.format(today=today)} now, ({today} - interval '18 years')::date adult_since "
        f"from {who} join portal.agency a on a.id = p.agency_id "
        f"join portal.oauth_client k on k.client_id = {client} and k.disabled_at is null and {_OWN_CLIENT if is_tool else _A_CLIENT} "
        f"where p.id = {actor} and h.role = {role} and p.disabled_at is null and a.suspended_at is null offset 0) v offset 0) entered"
    )

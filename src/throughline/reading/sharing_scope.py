"""The scope that a sharing decision and its reason have in common."""

from throughline.reading.shape import column, expression
from throughline.reading.statement import Emitter, Fields
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.holder import KIND_HOLDER, SCHOOL_ON_ROLL
from throughline.terms.record_kind import RecordKind


def _kinds(column_name: str) -> str:
    pairs = ", ".join(f"('{kind}', {kind.bit})" for kind in RecordKind)
    return (
        "(select coalesce(json_agg(k.name order by k.bit), '[]'::json) "
        f"from (values {pairs}) k(name, bit) where {{r}}.{column_name} & k.bit <> 0)"
    )


_HOLDERS = ", ".join(
    f"('{holder}'::uuid, '{name}')"
    for holder, name in [*((KIND_HOLDER[k], k.value) for k in AgencyKind), (SCHOOL_ON_ROLL, "SCHOOL_ON_ROLL")]
)


def receivers(ids: str) -> Emitter:
    """The names of those whose ids this select yields as `receiver_id`."""
    return expression(
        "(select coalesce(json_agg(coalesce(a.name, h.name) order by x.receiver_id), '[]'::json) "
        f"from ({ids}) x left join portal.agency a on a.id = x.receiver_id "
        f"left join (values {_HOLDERS}) h(id, name) on h.id = x.receiver_id)"
    )


SCOPE: Fields = {
    "kinds": expression(_kinds("kinds")),
    "sensitive_kinds": expression(_kinds("sensitive_kinds")),
    **{name: column(name) for name in ("purpose", "from_on", "review_on", "until_on")},
}

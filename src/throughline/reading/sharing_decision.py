"""Sharing decisions: scope and dates. Why one was made without agreement is a kind of its own, and not here."""

from throughline.reading.agency import agency
from throughline.reading.kind import Kind, about_each, whose_each
from throughline.reading.record import about_people, record_fields
from throughline.reading.shape import column, expression
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.holder import KIND_HOLDER, SCHOOL_ON_ROLL
from throughline.terms.record_kind import RecordKind

_LINK = ("portal.sharing_decision_person", "decision_id")


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
_RECEIVERS = (
    "(select coalesce(json_agg(coalesce(a.name, h.name) order by x.receiver_id), '[]'::json) "
    "from portal.sharing_decision_receiver x left join portal.agency a on a.id = x.receiver_id "
    f"left join (values {_HOLDERS}) h(id, name) on h.id = x.receiver_id where x.decision_id = {{r}}.id)"
)

KIND = Kind(
    "SharingDecision",
    RecordKind.SHARING_DECISION,
    "portal.sharing_decision",
    "from_on",
    {
        **record_fields(RecordKind.SHARING_DECISION, about_people("i.person_id = any({b}.shown)")),
        "kinds": expression(_kinds("kinds")),
        "sensitive_kinds": expression(_kinds("sensitive_kinds")),
        "receivers": expression(_RECEIVERS),
        "is_confirmed": expression("({r}.confirmed_by_agency_id is not null)"),
        "confirmed_by": agency("confirmed_by_agency_id"),
        **{name: column(name) for name in ("purpose", "is_refusal", "from_on", "review_on", "until_on", "withdrawn_on")},
    },
    about_each(*_LINK),
    whose_each(*_LINK),
    carries=("shown",),
)

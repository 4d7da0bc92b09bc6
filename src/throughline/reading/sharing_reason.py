"""Why sharing decisions were made."""

from throughline.access.implied_ends import undecided
from throughline.reading.agency import practitioner
from throughline.reading.kind import Kind, about_every, whose_each
from throughline.reading.record import about_people, record_fields
from throughline.reading.shape import column, expression, instant
from throughline.reading.sharing_scope import SCOPE, receivers
from throughline.terms.record_kind import RecordKind
from throughline.terms.sharing import GOES_ON_WITHIN

_LINK = ("portal.sharing_reason_person", "reason_id")
_PEOPLE = (
    "select w.person_id from portal.sharing_reason_person l join portal.identity_record w on w.id = l.identity_record_id "
    "where l.reason_id = {r}.id"
)
_NEEDED_BY = (
    f"(select min(x.day) + {GOES_ON_WITHIN.days - 1} from portal.sharing_decision s cross join lateral "
    f"(select a.withdrawn_on as day {undecided(f'any(array({_PEOPLE}))')}) x "
    "where s.id = {r}.decision_id and s.withdrawn_on is null and not s.is_refusal and not exists (select "
    "from portal.service_agreement a where a.id = {r}.service_agreement_id and a.withdrawn_on is not null))"
)
_COLUMNS = (
    "decision_id", "is_refusal", "agreement", "judged_able_reason", "service_agreement_id", "without_agreement", "explanation", "note",
    "lawful_basis", "special_category", "crime_condition", "confidence_met", "decided_by",
)  # fmt: skip

KIND = Kind(
    "SharingReason",
    RecordKind.SHARING_REASON,
    "portal.sharing_reason",
    "from_on",
    {
        **record_fields(RecordKind.SHARING_REASON, about_people(f"i.person_id in ({_PEOPLE})")),
        **SCOPE,
        **{name: column(name) for name in _COLUMNS},
        "receivers": receivers("select x.id receiver_id from unnest({r}.receiver_ids) x(id)"),
        "signed_by": practitioner("signed_by_id"),
        "signed_at": instant("signed_at"),
        "decision_needed_by": expression(_NEEDED_BY),
    },
    about_every(*_LINK),
    whose_each(*_LINK),
)

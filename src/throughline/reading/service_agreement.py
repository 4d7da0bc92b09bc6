"""Agreements to a service, and refusals."""

from throughline.reading.kind import Kind, about_one, whose_one
from throughline.reading.record import about_its_person, record_fields
from throughline.reading.shape import column
from throughline.terms.record_kind import RecordKind

_COLUMNS = ("service", "is_refusal", "agreed_by", "judged_able_reason", "from_on", "until_on", "withdrawn_on")

KIND = Kind(
    "ServiceAgreement",
    RecordKind.SERVICE_AGREEMENT,
    "portal.service_agreement",
    "from_on",
    {
        **record_fields(RecordKind.SERVICE_AGREEMENT, about_its_person),
        **{name: column(name) for name in _COLUMNS},
    },
    about_one,
    whose_one,
)

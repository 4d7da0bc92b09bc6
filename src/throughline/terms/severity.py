"""Place on the continuum of need. Areas number it differently: their labels are data (`need_label`)."""

from enum import StrEnum


class Severity(StrEnum):
    UNIVERSAL = "UNIVERSAL"
    ADDITIONAL = "ADDITIONAL"
    INTENSIVE = "INTENSIVE"
    SPECIALIST = "SPECIALIST"


class LegalStatusKind(StrEnum):
    CHILD_IN_NEED = "CHILD_IN_NEED"
    ENQUIRY = "ENQUIRY"
    PROTECTION_PLAN = "PROTECTION_PLAN"
    LOOKED_AFTER = "LOOKED_AFTER"

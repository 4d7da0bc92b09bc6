"""The closed vocabularies of requests for one's own data, described; as in `vocabulary.py`."""

from throughline.api.vocabulary import describe
from throughline.terms.rights import Asker, Entitlement, Extension, IdentityCheck, LeftOutBecause, RightsOutcome, RightsState

__all__ = ["Asker", "Entitlement", "Extension", "IdentityCheck", "LeftOutBecause", "RightsOutcome", "RightsState"]

describe(Asker, "Asker", "Who asks for what an agency keeps about a person.", {
    "PERSON": "The person themself.",
    "PARENT": "Somebody with parental responsibility for the child.",
    "ATTORNEY": "Somebody with a power of attorney, or whom a court appointed.",
    "REPRESENTATIVE": "Somebody whom the person has authorised in writing, such as a solicitor.",
})  # fmt: skip

describe(IdentityCheck, "IdentityCheck", "How it was made sure who asks.", {
    "PHOTO_DOCUMENT": "A passport, driving licence or other document with a photograph was seen.",
    "TWO_DOCUMENTS": "Two documents without a photograph were seen, such as a birth certificate and a bill.",
    "KNOWN_TO_STAFF": "Somebody who works for the agency knows them in person.",
})  # fmt: skip

describe(Entitlement, "Entitlement", "How it was made sure that somebody may ask for another person.", {
    "PARENTAL_RESPONSIBILITY_SEEN": "A birth certificate or court order that shows parental responsibility was seen.",
    "CHILD_AGREES": "The young person, who is able to decide it, has agreed.",
    "POWER_OF_ATTORNEY_SEEN": "The power of attorney or the court's order was seen.",
    "WRITTEN_AUTHORITY_SEEN": "The person's own written authority was seen.",
})  # fmt: skip

describe(RightsState, "RightsState", "How far a request is.", {
    "OPEN": "Taken down; nobody has checked who asks.",
    "CHECKED": "It is sure who asks and that they may; a second person has to approve.",
    "APPROVED": "A second person has approved it: it may be given.",
    "CLOSED": "It is over: nothing more is given.",
})  # fmt: skip

describe(Extension, "Extension", "Why answering takes longer than a month.", {
    "COMPLEX": "The request is complex.",
    "SEVERAL_REQUESTS": "The same person has made several requests.",
})  # fmt: skip

describe(RightsOutcome, "RightsOutcome", "What came of a request.", {
    "GIVEN": "It was answered.",
    "REFUSED": "It was refused; whoever asked was told why, and how to complain.",
    "TAKEN_BACK": "Whoever asked took it back.",
})  # fmt: skip

describe(LeftOutBecause, "LeftOutBecause", "Why something is left out of an answer.", {
    "THIRD_PARTY": "It tells about somebody else, who has not agreed.",
    "SERIOUS_HARM": "To tell it would risk serious harm to somebody.",
    "LEGAL_PRIVILEGE": "It is legal advice, or made for proceedings.",
    "ENQUIRY": "To tell it would prejudice an enquiry.",
    "CONFIDENTIAL": "It would expose a confidential service.",
    "KEPT_PRIVATE": "The child told it in confidence, and keeps it private from whoever asks.",
    "WHEREABOUTS": "It would show where somebody is who must not be found.",
})  # fmt: skip

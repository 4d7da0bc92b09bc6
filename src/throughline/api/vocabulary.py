"""The closed vocabularies, each value described for somebody who has never met a social worker.

The values themselves live in `terms/`; a value without words here does not import.
"""

from enum import Enum, StrEnum
from typing import TypeVar

import strawberry

from throughline.access.permissions import PermissionCode
from throughline.access.rule import Basis
from throughline.access.rule import Verb as PolicyVerb
from throughline.access.telling import AccessAnswer, ConditionState
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.emergency import EmergencyGround, EmergencyOutcome, EmergencyReviewState
from throughline.terms.family_law import CourtOrderKind, ResponsibilityBasis
from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind
from throughline.terms.role import Role
from throughline.terms.search_reason import SearchReason
from throughline.terms.sensitivity import Sensitivity
from throughline.terms.severity import LegalStatusKind, Severity
from throughline.terms.work import (
    Channel,
    ConnectionKind,
    Delivery,
    EnrolmentState,
    HouseholdRole,
    Position,
    Protected,
    RelationshipKind,
    SectionState,
    Sex,
)

__all__ = [
    "AccessAnswer",
    "AgencyKind",
    "Channel",
    "ConditionState",
    "ConnectionKind",
    "CourtOrderKind",
    "Delivery",
    "EmergencyGround",
    "EmergencyOutcome",
    "EmergencyReviewState",
    "EnrolmentState",
    "HouseholdRole",
    "LegalStatusKind",
    "NumberScheme",
    "PermissionCode",
    "PolicyBasis",
    "PolicyVerb",
    "Position",
    "Protected",
    "Purpose",
    "RecordKind",
    "RelationshipKind",
    "ResponsibilityBasis",
    "Role",
    "SearchReason",
    "SectionState",
    "Sensitivity",
    "Severity",
    "Sex",
    "describe",
]

Vocabulary = TypeVar("Vocabulary", bound=type[Enum])


class NumberScheme(StrEnum):
    """As in the check constraint of `people/identity_record.py`."""

    UPN = "UPN"
    FORMER_UPN = "FORMER_UPN"
    ULN = "ULN"
    NHS_NUMBER = "NHS_NUMBER"


def describe(vocabulary: Vocabulary, name: str, description: str, values: dict[str, str]) -> Vocabulary:
    """Make it an enum of the schema, each value described. Raises KeyError where a value is not, or is not there."""
    strawberry.enum(vocabulary, name=name, description=description)
    definition = vocabulary.__strawberry_definition__  # type: ignore[attr-defined]  # Strawberry sets it
    if values.keys() != {value.name for value in definition.values}:
        raise KeyError(f"{name}: {values.keys() ^ {value.name for value in definition.values}}")
    for value in definition.values:
        value.description = values[value.name]
    return vocabulary


describe(AgencyKind, "AgencyKind", "What sort of organisation an agency is.", {
    "NURSERY": "A nursery.",
    "SCHOOL": "A primary or secondary school.",
    "COLLEGE": "A college for young people over 16.",
    "HEALTH": "A health service: a hospital, health visiting, school nursing, mental health.",
    "POLICE": "A police force.",
    "VOLUNTARY": "A charity or community group.",
    "LOCAL_AUTHORITY": "The council's own services: family hubs, early help, social care, its front door.",
})  # fmt: skip

describe(Role, "Role", "In which capacity somebody signs in. Leading a family's support is a position, not "
                         "a role.", {
    "SCHOOL_STAFF": "A teacher, tutor or teaching assistant.",
    "SAFEGUARDING_LEAD": "The person in a school, college or nursery who is responsible for keeping children "
                         "safe, or a deputy.",
    "INCLUSION_LEAD": "The coordinator for special educational needs, or a head of year; writes who is on "
                      "roll.",
    "TRANSITION_COORDINATOR": "Sees to it that a child's history is not lost when the child moves school.",
    "HEALTH_PRACTITIONER": "A school nurse, health visitor, midwife, therapist or doctor.",
    "POLICE_OFFICER": "An officer who works with families, not a detective.",
    "VOLUNTARY_WORKER": "Somebody who helps families for a charity or community group.",
    "FAMILY_PRACTITIONER": "A family support worker, youth worker or the like.",
    "SOCIAL_WORKER": "A registered social worker of the council.",
    "TEAM_MANAGER": "Somebody who manages practitioners of any agency and signs with them.",
    "TRIAGE_WORKER": "Works at the front door, where requests for help arrive, and decides where each one "
                     "goes.",
    "IDENTITY_STEWARD": "Decides whether two records speak of the same person.",
    "ANALYST": "Counts and compares; never sees a person.",
    "PRIVACY_OFFICER": "Watches over how an agency handles people's data.",
    "AGENCY_ADMINISTRATOR": "Looks after an agency's accounts; sees no record.",
})  # fmt: skip

describe(Purpose, "Purpose", "What somebody signs in for. It decides, together with the role, what they "
                               "may see.", {
    "SUPPORT": "Helping a family early, with its knowledge.",
    "TRANSITION": "Moving a child from one school to the next.",
    "TRIAGE": "Deciding what happens with a request for help.",
    "PROTECTION": "Keeping a child from significant harm.",
    "OVERSIGHT": "Planning and scrutiny, by numbers only.",
    "ASSURANCE": "Checking that data were handled properly.",
    "IDENTITY": "Deciding whether records speak of the same person.",
    "RIGHTS": "Answering somebody who asks for their own data.",
    "ADMINISTRATION": "Looking after accounts.",
})  # fmt: skip

describe(RecordKind, "RecordKind", "A kind of thing that is recorded. Each has rules of its own about who "
                                     "may see it.", {
    "SUPPORT_REPORT": "Support given to somebody: see `SupportReport`.",
    "INVOLVEMENT": "That an agency is working with somebody: see `Involvement`.",
    "NEED": "How much help somebody needs, and why: see `Need`.",
    "LEGAL_STATUS": "A formal status such as a child protection plan: see `LegalStatus`.",
    "ENROLMENT": "A child's place at a school: see `Enrolment`.",
    "ATTENDANCE": "How often a child was at school: see `Attendance`.",
    "MEMBERSHIP": "Who belongs to a household: see `FamilyMember`.",
    "RELATIONSHIP": "How two people are related: see `Relationship`.",
    "TEAM_POSITION": "Who is on the team around a family: see `TeamPosition`.",
    "SHARING_DECISION": "What may be shared: see `SharingDecision`.",
    "SERVICE_AGREEMENT": "Who agreed to a service: see `ServiceAgreement`.",
    "SHARING_REASON": "Why it was decided to share: see `SharingReason`.",
    "ADDRESS": "Where somebody lives: see `Address`.",
    "CONTACT": "A request for help: see `Contact`.",
    "IDENTITY_RECORD": "What one agency's own system says about who somebody is: see `IdentityRecord`. Not "
                       "part of a history.",
    "IDENTITY_NUMBER": "A pupil, learner or NHS number: see `IdentityNumber`. Not part of a history.",
    "LIGHT_TOUCH_REPORT": "A support report without names and free text. Not part of a person's history.",
    "PERSON": "A human being: see `Person`. Not a record.",
    "PARENTAL_RESPONSIBILITY": "Who has parental responsibility for a child: see `ParentalResponsibility`.",
    "COURT_ORDER": "What a court has ordered: see `CourtOrder`.",
    "ASSIGNMENT": "Who of an agency supports somebody: see `Assignment`. Not part of a history.",
    "EMERGENCY_ACCESS": "That somebody opened one child's records for hours, with the reason and the review.",
    "PROTECTION": "That who somebody is, or where they are, is protected: see `Protection`. Not part of a history.",
    "RIGHTS_REQUEST": "Somebody asks for their own data: see `RightsRequest`. Not part of a history.",
    "LEGAL_HOLD": "That nothing about somebody is deleted for now: see `LegalHold`. Not part of a history.",
})  # fmt: skip

describe(Sensitivity, "Sensitivity", "How carefully a record must be held. The kind of support sets the "
                                       "least; authors may raise it.", {
    "STANDARD": "Ordinary help.",
    "SENSITIVE": "Health, mental health, substances, domestic abuse, crime, immigration, an adult's "
                 "treatment, or whatever a child "
                 "wants kept from parents.",
    "CONFIDENTIAL": "Made by a confidential service. It exists for nobody outside that service.",
})  # fmt: skip

describe(Severity, "Severity", "How much help somebody needs. Areas number the levels differently, so the "
                                 "names are used here; see "
                                 "`Need.label` for an area's own.", {
    "UNIVERSAL": "What every child gets: school, health visitor, doctor.",
    "ADDITIONAL": "Some extra help, usually from one agency.",
    "INTENSIVE": "Help from several agencies together, with a plan and somebody who leads.",
    "SPECIALIST": "Statutory or specialist help, such as social care.",
})  # fmt: skip

describe(LegalStatusKind, "LegalStatusKind", "A formal status of a child in law. It is a fact with dates, "
                                               "apart from the level of need.", {
    "CHILD_IN_NEED": "The council supports the child under section 17 of the Children Act 1989, with the "
                     "parents' agreement.",
    "ENQUIRY": "The council enquires whether the child suffers significant harm (section 47).",
    "PROTECTION_PLAN": "A child protection conference has made a plan.",
    "LOOKED_AFTER": "The child is in the council's care.",
})  # fmt: skip

describe(EmergencyGround, "EmergencyGround", "Why a child's records had to be opened at once.", {
    "LIFE_AT_RISK": "Somebody's life is in danger, the child's above all.",
    "SIGNIFICANT_HARM": "There is reason to think that the child suffers, or is about to suffer, serious harm.",
    "MISSING": "The child is missing.",
    "URGENT_CARE": "The child needs care at once, and whoever gives it must know what others know.",
})  # fmt: skip

describe(EmergencyOutcome, "EmergencyOutcome", "What the review of an emergency access found.", {
    "JUSTIFIED": "It was right to open the records.",
    "NOT_JUSTIFIED": "It was not right. What follows is for the agency to decide; nothing here is taken back.",
})  # fmt: skip

describe(EmergencyReviewState, "EmergencyReviewState", "Whether an emergency access has been reviewed.", {
    "WAITING": "Not yet, and there is time.",
    "OVERDUE": "Not yet, and the day by which it should have been is over. Whoever opened it opens this child no more until it is.",
    "REVIEWED": "Yes: the outcome says what was found.",
})  # fmt: skip

describe(Delivery, "Delivery", "How support was given.", {
    "ONE_TO_ONE": "With one person, face to face.",
    "GROUP": "In a group.",
    "VISIT": "At the family's home.",
    "PHONE": "By telephone.",
    "VIRTUAL": "By video, chat or an online hub.",
})  # fmt: skip

describe(HouseholdRole, "HouseholdRole", "What somebody is in a household.", {
    "CHILD": "A child or young person.",
    "UNBORN_CHILD": "A child who is not yet born.",
    "PARENT": "A mother or father.",
    "CARER": "An adult who looks after a child without being the parent.",
    "GRANDPARENT": "A grandmother or grandfather.",
    "OTHER_ADULT": "Any other adult who lives there.",
})  # fmt: skip

describe(RelationshipKind, "RelationshipKind", "How the first person stands to the second: read it as "
                                                 "«person … other».", {
    "PARENT_OF": "Is the mother or father of.",
    "PARENTAL_RESPONSIBILITY_FOR": "Has the rights and duties of a parent in law for. No longer recorded so: see "
                                   "`parentalResponsibilityRecord`.",
    "GRANDPARENT_OF": "Is a grandparent of.",
    "SIBLING_OF": "Is a brother or sister of, half and step included.",
    "PARTNER_OF": "Lives as a couple with.",
    "FORMER_PARTNER_OF": "Used to live as a couple with.",
    "CARER_OF": "Looks after.",
})  # fmt: skip

describe(ResponsibilityBasis, "ResponsibilityBasis", "By what somebody is known to have parental responsibility for a child.", {
    "MOTHER": "She is the child's mother, who has it from birth.",
    "BIRTH_CERTIFICATE": "Their name stands on the child's birth certificate.",
    "MARRIAGE": "Marriage to, or civil partnership with, the child's mother or other parent.",
    "AGREEMENT": "A parental responsibility agreement with those who have it.",
    "COURT_ORDER": "A court has given it: see `CourtOrder`.",
    "ADOPTION": "They have adopted the child.",
    "GUARDIANSHIP": "They are the child's guardian or special guardian.",
    "TOLD": "Somebody has said so; nobody has seen a paper.",
})  # fmt: skip

describe(CourtOrderKind, "CourtOrderKind", "What a court has ordered, by the Children Act 1989 or the Family Law Act 1996.", {
    "CHILD_ARRANGEMENTS": "With whom a child lives, and whom the child sees and when.",
    "PROHIBITED_STEPS": "What nobody may do with a child unless the court allows it.",
    "SPECIFIC_ISSUE": "One question about a child, decided.",
    "PARENTAL_RESPONSIBILITY": "Somebody is given parental responsibility.",
    "SPECIAL_GUARDIANSHIP": "Somebody becomes the child's special guardian.",
    "CARE": "The child is in the council's care.",
    "INTERIM_CARE": "The child is in the council's care until the court decides.",
    "SUPERVISION": "The council advises and befriends the child at home.",
    "EMERGENCY_PROTECTION": "The child is brought, or stays, somewhere safe for days.",
    "NON_MOLESTATION": "Somebody must not harm or harass whom it protects.",
    "OCCUPATION": "Who may live in the home, and who must stay away from it.",
    "OTHER": "Another order: what it says is said in words.",
})  # fmt: skip

describe(Position, "Position", "What somebody is in the team around a family. Anybody of any agency and "
                                 "role can hold any of these.", {
    "LEAD": "The lead practitioner: the one person whom the family and everybody else turns to.",
    "MEMBER": "A member of the team.",
    "ALLOCATED_SOCIAL_WORKER": "The social worker who holds the case.",
})  # fmt: skip

describe(EnrolmentState, "EnrolmentState", "Whether a place at a school is certain.", {
    "PROPOSED": "One agency says so. It opens nothing to anybody until another agency confirms it.",
    "CONFIRMED": "A second agency has confirmed it.",
})  # fmt: skip

describe(Channel, "Channel", "How a request for help arrived.", {
    "PHONE": "By telephone.",
    "EMAIL": "By e-mail.",
    "POLICE_NOTICE": "As a notice from the police after an incident with a child.",
    "FORM": "By an online form, or through this portal.",
})  # fmt: skip

describe(SectionState, "SectionState", "What there is to see of one kind of record, and if nothing, why. "
                                         "«No data» never means «no help».", {
    "VISIBLE": "There is at least one record that you may see.",
    "WITHHELD": "Records exist that you may not see. How many, and from when, is not said.",
    "NOT_CONNECTED": "No agency that makes such records in this area sends them to the portal.",
    "STALE": "Agencies send such records, but the newest delivery is overdue.",
    "NONE_RECORDED": "The portal would know, and there is none.",
})  # fmt: skip

describe(Protected, "Protected", "What of somebody is protected.", {
    "IDENTITY": "Who they are: the person, and whatever is said about them, exists for the custodian alone.",
    "WHEREABOUTS": "Where they are: whatever another agency says of them, or of whom they live with, that would tell a place, a school, "
                   "an agency or a worker shows to the custodian and to whomever it names.",
})  # fmt: skip

describe(Sex, "Sex", "Sex as an agency's own system has it.", {
    "FEMALE": "Female.",
    "MALE": "Male.",
    "NOT_KNOWN": "Not known, or not recorded.",
})  # fmt: skip

describe(NumberScheme, "NumberScheme", "Who gives out a number, and to whom.", {
    "UPN": "Unique pupil number: follows a child through state schools in England.",
    "FORMER_UPN": "A unique pupil number that the child had before.",
    "ULN": "Unique learner number: from the age of 14 on.",
    "NHS_NUMBER": "The number of the National Health Service.",
})  # fmt: skip

describe(Basis, "PolicyBasis", "A lawful basis in data protection law that a sentence of the access policy "
                                 "rests on.", {
    "PUBLIC_TASK": "A public task (UK GDPR, article 6(1)(e)).",
    "LEGAL_OBLIGATION": "A legal obligation (article 6(1)(c)).",
    "LEGITIMATE_INTERESTS": "Legitimate interests, for charities and independent schools (article 6(1)(f)).",
    "VITAL_INTERESTS": "Somebody's life (article 6(1)(d)).",
    "SPECIAL_CATEGORY": "A condition for special categories of data, such as health (article 9).",
    "CRIME_DATA": "A condition for data about crime (article 10).",
    "CONFIDENCE_MET": "The duty of confidence is met, by agreement or a recorded public interest.",
})  # fmt: skip
PolicyBasis = Basis

describe(SearchReason, "PersonSearchReason", "Why somebody who may find anybody looks for a person. It is "
                                               "kept with the search.", {
    "NEW_CONTACT": "A request for help has arrived about them.",
    "CONCERN": "Somebody is worried about them.",
    "ALLOCATION": "A case has been, or is about to be, given to the searcher.",
    "SAME_PERSON": "To find out whether records speak of one person or of two.",
})  # fmt: skip

describe(ConnectionKind, "ConnectionKind", "How a practitioner is connected with somebody whom they must "
                                             "not meet here.", {
    "SELF": "It is the practitioner.",
    "RELATIVE": "A relative.",
    "PARTNER": "The practitioner's partner.",
    "FORMER_PARTNER": "A former partner.",
    "HOUSEHOLD": "They live in one household.",
    "SUBJECT_OF_ALLEGATION": "An allegation about the practitioner concerns them.",
})  # fmt: skip

describe(PolicyVerb, "PolicyVerb", "What a sentence of the access policy lets somebody do with a kind of record.", {
    "SEE": "See records of the kind.",
    "SEE_EARLIER": "See what stood in them before they were amended or withdrawn.",
    "KNOW_OF": "Know that there are some, without seeing them: a section of a picture says WITHHELD.",
    "FIND": "Find anybody by search, when a reason is given.",
    "WRITE": "Make them; and amend, end and withdraw one's own agency's.",
    "CONFIRM": "Say yes to, or decide, what another agency made.",
    "LINK": "Decide that two people are one.",
    "IMPORT": "Bring them in by a Common Transfer File.",
})  # fmt: skip

describe(PermissionCode, "PermissionCode", "Why you may do something or not: where you may not, the first that applies.", {
    "ALLOWED": "You may. What you send can still be refused, with an error that says why.",
    "NO_SUCH_ACT": "There is no such act for this kind of record.",
    "NOT_YOUR_ROLE": "No sentence of the access policy lets your role do this, for your purpose.",
    "WITHDRAWN": "The record has been withdrawn.",
    "NOT_YOUR_AGENCY": "Only the agency that made the record may.",
    "NOT_ALLOWED": "What a sentence of the access policy asks for is not given: for everybody whom it concerns.",
    "SETTLED": "It is done: confirmed, decided or withdrawn already; or something else comes first.",
})  # fmt: skip

describe(AccessAnswer, "AccessAnswer", "Whether you may, as far as that can be said before a record is in hand.", {
    "YES": "Yes, unless a wall stands before the record.",
    "DEPENDS": "On conditions that only the record decides, or that are not told: look, or try.",
    "NO": "No: a condition of yours is missing, or no sentence speaks to your role.",
})  # fmt: skip

describe(ConditionState, "ConditionState", "Of one condition of a sentence: whether it holds, where that is yours to know.", {
    "HOLDS": "It holds today.",
    "MISSING": "It does not hold today.",
    "DEPENDS_ON_RECORD": "It holds for some records of the kind, and not for others.",
    "NOT_TOLD": "Whether it holds would tell what others recorded or decided: nobody is ever told.",
})  # fmt: skip

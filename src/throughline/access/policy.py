"""Who may see what, for what purpose. Each rule is a sentence; the sentence is its name everywhere.

The numbers are those of the design's policy page; numbers above 60 are sentences that its terms and tables imply.
"""

from throughline.access import conditions as c
from throughline.access.rule import Basis, Phrase, Rule, Verb, all_of, any_of
from throughline.access.walls import W5 as W5
from throughline.access.walls import WALLS as WALLS
from throughline.terms.purpose import Purpose as P
from throughline.terms.record_kind import RecordKind as K
from throughline.terms.role import Role as R

T, O, I = Basis.PUBLIC_TASK, Basis.LEGAL_OBLIGATION, Basis.LEGITIMATE_INTERESTS  # noqa: E741
S, X, C, V = Basis.SPECIAL_CATEGORY, Basis.CRIME_DATA, Basis.CONFIDENCE_MET, Basis.VITAL_INTERESTS
SEE, WRITE, FIND, KNOW_OF = Verb.SEE, Verb.WRITE, Verb.FIND, Verb.KNOW_OF
CONFIRM, LINK, IMPORT, SEE_EARLIER = Verb.CONFIRM, Verb.LINK, Verb.IMPORT, Verb.SEE_EARLIER

PRACTITIONERS = (
    R.SCHOOL_STAFF, R.SAFEGUARDING_LEAD, R.INCLUSION_LEAD, R.HEALTH_PRACTITIONER, R.POLICE_OFFICER,
    R.VOLUNTARY_WORKER, R.FAMILY_PRACTITIONER, R.SOCIAL_WORKER, R.TEAM_MANAGER,
)  # fmt: skip
"""Roles that support people: «a practitioner», «a team member» and «the lead» are any of these."""

SCHOOL_ROLES = (R.SCHOOL_STAFF, R.SAFEGUARDING_LEAD, R.INCLUSION_LEAD)
OTHER_PRACTITIONERS = tuple(role for role in PRACTITIONERS if role not in (R.SCHOOL_STAFF, R.VOLUNTARY_WORKER))
BUT_SCHOOL_STAFF = tuple(role for role in PRACTITIONERS if role is not R.SCHOOL_STAFF)
OPENERS = (R.SAFEGUARDING_LEAD, R.HEALTH_PRACTITIONER, R.TRIAGE_WORKER, R.SOCIAL_WORKER)
"""Roles that may open a child's records in an emergency."""
EMERGENCY_SEEN = (
    "Whoever opened a child's records in an emergency may see for ever that they did, for PROTECTION; so may a lead from a statutory "
    "agency, for SUPPORT, a triage worker while a contact is undecided, for TRIAGE, and an allocated social worker, for SUPPORT or PROTECTION."
)
EVERY_ROLE = tuple(R)
EVERY_PURPOSE = tuple(P)
SHARING = (K.SHARING_DECISION, K.SHARING_REASON)
OWN_RECORDS = (
    K.SUPPORT_REPORT, K.INVOLVEMENT, K.NEED, K.LEGAL_STATUS, K.ENROLMENT, K.ATTENDANCE, K.MEMBERSHIP, K.RELATIONSHIP,
    K.TEAM_POSITION, K.SHARING_DECISION, K.ADDRESS, K.CONTACT, K.IDENTITY_RECORD, K.IDENTITY_NUMBER, K.ASSIGNMENT,
    K.SERVICE_AGREEMENT, K.COURT_ORDER,
)  # fmt: skip
"""What an agency keeps about a person, as far as it is theirs to ask for. Not why something was shared: telling that can do harm, and
what may be told stands in the decision. Not an emergency access: the disclosure log tells who looked, as far as it may be told."""


def rule(
    number: int, sentence: str, roles: tuple[R, ...], may: tuple[Verb, ...], what: tuple[K, ...],
    purposes: tuple[P, ...], when: Phrase, basis: tuple[Basis, ...], *, differs_by_area: bool = False,
) -> Rule:  # fmt: skip
    return Rule(number, sentence, may, what, purposes, when, basis, roles, differs_by_area)


RULES: tuple[Rule, ...] = (
    # Person, identity record, address
    rule(1, "A practitioner may see a thin person when they may see a record about that person, for the same purpose.",
         EVERY_ROLE, (SEE,), (K.PERSON,), EVERY_PURPOSE, c.always, (T, I)),
    rule(2, "A triage worker, social worker or identity steward may find any thin person by search when a reason is given, "
            "for TRIAGE, PROTECTION or IDENTITY.",
         (R.TRIAGE_WORKER, R.SOCIAL_WORKER, R.IDENTITY_STEWARD), (FIND,), (K.PERSON,), (P.TRIAGE, P.PROTECTION, P.IDENTITY),
         c.always, (T,)),
    rule(3, "A practitioner may see and write their agency's own identity records when assigned, for SUPPORT.",
         PRACTITIONERS, (SEE, WRITE), (K.IDENTITY_RECORD,), (P.SUPPORT,), all_of(c.own_agency, c.assigned), (T, I)),
    rule(4, "A school role may see UPN and ULN when on roll or coming, or on their own agency's identity record when assigned, "
            "for TRANSITION.",
         (*SCHOOL_ROLES, R.TRANSITION_COORDINATOR), (SEE,), (K.IDENTITY_NUMBER,), (P.TRANSITION,),
         all_of(c.upn_or_uln, any_of(all_of(c.school_made, any_of(c.on_roll, c.coming)), all_of(c.own_agency, c.assigned))), (O,)),
    rule(5, "A health practitioner or social worker may see the NHS number on their own agency's identity record when assigned, "
            "or when on the team, for SUPPORT.",
         (R.HEALTH_PRACTITIONER, R.SOCIAL_WORKER), (SEE,), (K.IDENTITY_NUMBER,), (P.SUPPORT,),
         all_of(c.nhs_number, c.own_agency, any_of(c.assigned, c.on_team)), (T, S), differs_by_area=True),
    rule(6, "A team member, or triage or social worker with the case, may see that household's ordinary address, "
            "for SUPPORT, TRIAGE or PROTECTION.",
         PRACTITIONERS, (SEE,), (K.ADDRESS,), (P.SUPPORT, P.PROTECTION), all_of(c.ordinary_address, c.household_team), (T,)),
    rule(6, "A team member, or triage or social worker with the case, may see that household's ordinary address, "
            "for SUPPORT, TRIAGE or PROTECTION.",
         (R.TRIAGE_WORKER,), (SEE,), (K.ADDRESS,), (P.TRIAGE,), all_of(c.ordinary_address, c.contact_undecided), (T,)),
    rule(6, "A team member, or triage or social worker with the case, may see that household's ordinary address, "
            "for SUPPORT, TRIAGE or PROTECTION.",
         (R.SOCIAL_WORKER,), (SEE,), (K.ADDRESS,), (P.SUPPORT, P.PROTECTION), all_of(c.ordinary_address, c.with_case), (T,)),
    rule(7, "A practitioner named by its custodian may see and write a confidential address, for PROTECTION.",
         PRACTITIONERS, (SEE, WRITE), (K.ADDRESS,), (P.PROTECTION,), c.named_by_custodian, (T, C)),
    # Family membership, enrolment
    rule(8, "A team member may see that household's memberships and parental responsibility, for SUPPORT.",
         PRACTITIONERS, (SEE,), (K.MEMBERSHIP, K.RELATIONSHIP, K.PARENTAL_RESPONSIBILITY), (P.SUPPORT,), c.household_team, (T, I)),
    rule(9, "A safeguarding lead may see thin siblings and carers of a child on roll when covered, for SUPPORT.",
         (R.SAFEGUARDING_LEAD,), (SEE,), (K.MEMBERSHIP,), (P.SUPPORT,), all_of(c.household_on_roll, c.covered), (T,),
         differs_by_area=True),
    rule(10, "A lead or social worker may write memberships and parental responsibility, for SUPPORT; team members propose.",
         PRACTITIONERS, (WRITE,), (K.MEMBERSHIP, K.RELATIONSHIP, K.PARENTAL_RESPONSIBILITY), (P.SUPPORT,), c.household_lead, (T,)),
    rule(10, "A lead or social worker may write memberships and parental responsibility, for SUPPORT; team members propose.",
         (R.SOCIAL_WORKER,), (WRITE,), (K.MEMBERSHIP, K.RELATIONSHIP, K.PARENTAL_RESPONSIBILITY), (P.SUPPORT,), c.household_case, (T,)),
    rule(11, "School staff may see enrolment for children on roll, for SUPPORT.",
         SCHOOL_ROLES, (SEE,), (K.ENROLMENT, K.ATTENDANCE), (P.SUPPORT,), c.on_roll, (T,)),
    rule(12, "A team member may see the child's current school, for SUPPORT.",
         PRACTITIONERS, (SEE,), (K.ENROLMENT,), (P.SUPPORT,), all_of(c.on_team, c.current), (T, I)),
    rule(13, "An inclusion lead may write own school's enrolment start and end, for TRANSITION; a start opens nothing until "
             "confirmed under 43.",
         (R.INCLUSION_LEAD,), (WRITE,), (K.ENROLMENT,), (P.TRANSITION,), c.own_school, (T,)),
    # Involvement
    rule(15, "A safeguarding lead may see STANDARD involvement for children on roll, for SUPPORT.",
         (R.SAFEGUARDING_LEAD,), (SEE,), (K.INVOLVEMENT,), (P.SUPPORT,), all_of(c.standard, c.on_roll), (T,),
         differs_by_area=True),
    rule(16, "A safeguarding lead may see a child's own SENSITIVE involvement when on roll and covered, for SUPPORT.",
         (R.SAFEGUARDING_LEAD,), (SEE,), (K.INVOLVEMENT,), (P.SUPPORT,),
         all_of(c.sensitive, c.about_child, c.on_roll, c.covered), (T, S, C)),
    rule(17, "A team member may see STANDARD involvement, and SENSITIVE when covered, for SUPPORT.",
         PRACTITIONERS, (SEE,), (K.INVOLVEMENT,), (P.SUPPORT,),
         all_of(c.on_team, any_of(c.standard, all_of(c.sensitive, c.covered))), (T, I, S, C)),
    rule(18, "A triage or social worker may see STANDARD and SENSITIVE involvement when they hold the contact or case, "
             "for TRIAGE or PROTECTION.",
         (R.TRIAGE_WORKER,), (SEE,), (K.INVOLVEMENT,), (P.TRIAGE,), all_of(c.not_confidential, c.contact_undecided), (T, S)),
    rule(18, "A triage or social worker may see STANDARD and SENSITIVE involvement when they hold the contact or case, "
             "for TRIAGE or PROTECTION.",
         (R.SOCIAL_WORKER,), (SEE,), (K.INVOLVEMENT,), (P.PROTECTION,), all_of(c.not_confidential, c.with_case), (T, S)),
    # Support report
    rule(19, "A practitioner may write a support report or involvement about someone their agency works with, for SUPPORT.",
         PRACTITIONERS, (WRITE,), (K.SUPPORT_REPORT, K.INVOLVEMENT), (P.SUPPORT,), c.works_with, (T, I)),
    rule(20, "School staff and voluntary workers may see reports they wrote, for SUPPORT.",
         (R.SCHOOL_STAFF, R.VOLUNTARY_WORKER), (SEE,), (K.SUPPORT_REPORT, K.LIGHT_TOUCH_REPORT), (P.SUPPORT,), c.wrote, (T, I)),
    rule(21, "Any other assigned practitioner, or their team manager, may see their own agency's STANDARD and SENSITIVE reports, "
             "also after the child leaves, until retention ends, for SUPPORT.",
         OTHER_PRACTITIONERS, (SEE,), (K.SUPPORT_REPORT,), (P.SUPPORT,),
         all_of(c.own_agency, c.not_confidential, c.assigned), (T, S)),
    rule(21, "Any other assigned practitioner, or their team manager, may see their own agency's STANDARD and SENSITIVE reports, "
             "also after the child leaves, until retention ends, for SUPPORT.",
         (R.TEAM_MANAGER,), (SEE,), (K.SUPPORT_REPORT,), (P.SUPPORT,),
         all_of(c.own_agency, c.not_confidential, c.manages_assigned), (T, S)),
    rule(22, "A safeguarding lead may see STANDARD reports when on roll and covered, for SUPPORT.",
         (R.SAFEGUARDING_LEAD,), (SEE,), (K.SUPPORT_REPORT,), (P.SUPPORT,), all_of(c.on_roll, c.covered, c.standard), (T,)),
    rule(23, "A safeguarding lead may see a child's own SENSITIVE report when on roll, covered and released by its author's "
             "agency, for SUPPORT.",
         (R.SAFEGUARDING_LEAD,), (SEE,), (K.SUPPORT_REPORT,), (P.SUPPORT,),
         all_of(c.sensitive, c.about_child, c.on_roll, c.covered, c.released), (T, S, C)),
    rule(24, "A health practitioner, police officer or family practitioner on the team may see STANDARD reports when covered, "
             "for SUPPORT.",
         (R.HEALTH_PRACTITIONER, R.POLICE_OFFICER, R.FAMILY_PRACTITIONER), (SEE,), (K.SUPPORT_REPORT,), (P.SUPPORT,),
         all_of(c.on_team, c.covered, c.standard), (T,)),
    rule(25, "A lead, or a health or family practitioner on the team, may see SENSITIVE reports when covered, for SUPPORT.",
         PRACTITIONERS, (SEE,), (K.SUPPORT_REPORT,), (P.SUPPORT,), all_of(c.lead, c.covered, c.sensitive), (T, S, X, C)),
    rule(25, "A lead, or a health or family practitioner on the team, may see SENSITIVE reports when covered, for SUPPORT.",
         (R.HEALTH_PRACTITIONER, R.FAMILY_PRACTITIONER), (SEE,), (K.SUPPORT_REPORT,), (P.SUPPORT,),
         all_of(c.on_team, c.covered, c.sensitive), (T, S, X, C)),
    rule(26, "A social worker may see STANDARD and SENSITIVE reports when allocated, for SUPPORT when covered, or PROTECTION.",
         (R.SOCIAL_WORKER,), (SEE,), (K.SUPPORT_REPORT,), (P.SUPPORT,),
         all_of(c.with_case, c.covered, c.not_confidential), (T, S, X)),
    rule(26, "A social worker may see STANDARD and SENSITIVE reports when allocated, for SUPPORT when covered, or PROTECTION.",
         (R.SOCIAL_WORKER,), (SEE,), (K.SUPPORT_REPORT,), (P.PROTECTION,), all_of(c.with_case, c.not_confidential), (T, S, X)),
    rule(27, "A triage worker may see STANDARD and SENSITIVE reports on child and household while the contact is undecided, "
             "for TRIAGE.",
         (R.TRIAGE_WORKER,), (SEE,), (K.SUPPORT_REPORT,), (P.TRIAGE,), all_of(c.contact_undecided, c.not_confidential), (T, S),
         differs_by_area=True),
    rule(28, "A confidential service's practitioner may see and write its CONFIDENTIAL reports when assigned, for SUPPORT.",
         PRACTITIONERS, (SEE, WRITE), (K.SUPPORT_REPORT,), (P.SUPPORT,), all_of(c.confidential, c.own_service, c.assigned),
         (T, S, C)),
    rule(29, "A voluntary worker may write a light-touch report (date, STANDARD kind, how delivered, people reached; no free "
             "text), for SUPPORT.",
         (R.VOLUNTARY_WORKER,), (WRITE,), (K.LIGHT_TOUCH_REPORT,), (P.SUPPORT,), all_of(c.standard, c.own_agency), (I,)),
    rule(30, "The lead may see light-touch reports about the family, for SUPPORT.",
         PRACTITIONERS, (SEE,), (K.LIGHT_TOUCH_REPORT,), (P.SUPPORT,), c.household_lead, (T,)),
    # Need, legal status
    rule(33, "A team member, or safeguarding lead of a child on roll, may see need when covered, for SUPPORT.",
         PRACTITIONERS, (SEE,), (K.NEED,), (P.SUPPORT,), all_of(c.on_team, c.covered), (T, I)),
    rule(33, "A team member, or safeguarding lead of a child on roll, may see need when covered, for SUPPORT.",
         (R.SAFEGUARDING_LEAD,), (SEE,), (K.NEED,), (P.SUPPORT,), all_of(c.on_roll, c.covered), (T, I)),
    rule(34, "A lead, triage or social worker may write need with its reason, for SUPPORT or TRIAGE.",
         PRACTITIONERS, (WRITE,), (K.NEED,), (P.SUPPORT,), c.lead, (T,)),
    rule(34, "A lead, triage or social worker may write need with its reason, for SUPPORT or TRIAGE.",
         (R.SOCIAL_WORKER,), (WRITE,), (K.NEED,), (P.SUPPORT,), c.with_case, (T,)),
    rule(34, "A lead, triage or social worker may write need with its reason, for SUPPORT or TRIAGE.",
         (R.TRIAGE_WORKER,), (WRITE,), (K.NEED,), (P.TRIAGE,), c.contact_undecided, (T,)),
    rule(35, "A social worker may write legal status, and the safeguarding lead, education officer and statutory team members "
             "see it, for PROTECTION.",
         (R.SOCIAL_WORKER,), (SEE, WRITE), (K.LEGAL_STATUS,), (P.PROTECTION,), c.with_case, (T,), differs_by_area=True),
    rule(35, "A social worker may write legal status, and the safeguarding lead, education officer and statutory team members "
             "see it, for PROTECTION.",
         (R.SAFEGUARDING_LEAD,), (SEE,), (K.LEGAL_STATUS,), (P.PROTECTION,), c.on_roll, (T,), differs_by_area=True),
    rule(35, "A social worker may write legal status, and the safeguarding lead, education officer and statutory team members "
             "see it, for PROTECTION.",
         PRACTITIONERS, (SEE,), (K.LEGAL_STATUS,), (P.PROTECTION,), all_of(c.on_team, c.statutory), (T,), differs_by_area=True),
    # Sharing, team
    rule(40, "A lead, triage or social worker may write a sharing decision, for SUPPORT, TRIAGE or PROTECTION; without agreement a team manager "
             "of the same agency also signs.",
         PRACTITIONERS, (WRITE,), SHARING, (P.SUPPORT,), c.lead, (T,), differs_by_area=True),
    rule(40, "A lead, triage or social worker may write a sharing decision, for SUPPORT, TRIAGE or PROTECTION; without agreement a team manager "
             "of the same agency also signs.",
         (R.SOCIAL_WORKER,), (WRITE,), SHARING, (P.SUPPORT, P.PROTECTION), c.with_case, (T,), differs_by_area=True),
    rule(40, "A lead, triage or social worker may write a sharing decision, for SUPPORT, TRIAGE or PROTECTION; without agreement a team manager "
             "of the same agency also signs.",
         (R.TRIAGE_WORKER,), (WRITE,), SHARING, (P.TRIAGE,), c.contact_undecided, (T,), differs_by_area=True),
    rule(40, "A lead, triage or social worker may write a sharing decision, for SUPPORT, TRIAGE or PROTECTION; without agreement a team manager "
             "of the same agency also signs.",
         (R.TEAM_MANAGER,), (SEE, CONFIRM), (K.SHARING_REASON,), (P.SUPPORT, P.PROTECTION),
         all_of(c.own_agency, c.others_record, c.awaits_second_signature), (T,), differs_by_area=True),
    rule(41, "A team member may see a sharing decision's scope and dates, for SUPPORT; a refusal, only the lead; why a decision was made, with or "
             "without agreement, only its signers, lead and privacy officer.",
         PRACTITIONERS, (SEE,), (K.SHARING_DECISION,), (P.SUPPORT,), all_of(c.on_team, c.shares), (T,)),
    rule(41, "A team member may see a sharing decision's scope and dates, for SUPPORT; a refusal, only the lead; why a decision was made, with or "
             "without agreement, only its signers, lead and privacy officer.",
         PRACTITIONERS, (SEE,), (K.SHARING_DECISION,), (P.SUPPORT,), all_of(c.lead, c.refuses), (T,)),
    rule(41, "A team member may see a sharing decision's scope and dates, for SUPPORT; a refusal, only the lead; why a decision was made, with or "
             "without agreement, only its signers, lead and privacy officer.",
         PRACTITIONERS, (SEE,), (K.SHARING_REASON,), (P.SUPPORT,), c.lead, (T,)),
    rule(41, "A team member may see a sharing decision's scope and dates, for SUPPORT; a refusal, only the lead; why a decision was made, with or "
             "without agreement, only its signers, lead and privacy officer.",
         PRACTITIONERS, (SEE,), (K.SHARING_REASON,), (P.SUPPORT, P.PROTECTION), c.signed_it, (T,)),
    rule(41, "A team member may see a sharing decision's scope and dates, for SUPPORT; a refusal, only the lead; why a decision was made, with or "
             "without agreement, only its signers, lead and privacy officer.",
         (R.TRIAGE_WORKER,), (SEE,), (K.SHARING_REASON,), (P.TRIAGE,), c.signed_it, (T,)),
    rule(42, "A lead or team manager may write team membership, and members see each other, for SUPPORT.",
         PRACTITIONERS, (SEE,), (K.TEAM_POSITION,), (P.SUPPORT,), c.household_team, (T, I)),
    rule(42, "A lead or team manager may write team membership, and members see each other, for SUPPORT.",
         PRACTITIONERS, (WRITE,), (K.TEAM_POSITION,), (P.SUPPORT,), c.household_lead, (T, I)),
    rule(42, "A lead or team manager may write team membership, and members see each other, for SUPPORT.",
         (R.TEAM_MANAGER,), (WRITE,), (K.TEAM_POSITION,), (P.SUPPORT,), c.works_with, (T, I)),
    # Transition (the seed: enrolments)
    rule(43, "A coordinator, inclusion lead or safeguarding lead may see and propose their schools' transitions, confirm only another "
             "agency's proposal, and end only what their agency made, confirmed or is the school of, for TRANSITION.",
         (R.TRANSITION_COORDINATOR, R.INCLUSION_LEAD, R.SAFEGUARDING_LEAD), (SEE,), (K.ENROLMENT,), (P.TRANSITION,),
         c.their_school, (T,)),
    rule(43, "A coordinator, inclusion lead or safeguarding lead may see and propose their schools' transitions, confirm only another "
             "agency's proposal, and end only what their agency made, confirmed or is the school of, for TRANSITION.",
         (R.TRANSITION_COORDINATOR, R.INCLUSION_LEAD, R.SAFEGUARDING_LEAD), (WRITE,), (K.ENROLMENT,), (P.TRANSITION,),
         all_of(c.their_school, c.theirs_to_change), (T,)),
    rule(43, "A coordinator, inclusion lead or safeguarding lead may see and propose their schools' transitions, confirm only another "
             "agency's proposal, and end only what their agency made, confirmed or is the school of, for TRANSITION.",
         (R.TRANSITION_COORDINATOR, R.INCLUSION_LEAD, R.SAFEGUARDING_LEAD), (CONFIRM,), (K.ENROLMENT,), (P.TRANSITION,),
         all_of(c.their_school, c.made_by_another), (T,)),
    # Front door
    rule(52, "A practitioner may write a contact and see its decision, next step and closure, for SUPPORT.",
         PRACTITIONERS, (SEE,), (K.CONTACT,), (P.SUPPORT,), c.wrote, (T, I)),
    rule(52, "A practitioner may write a contact and see its decision, next step and closure, for SUPPORT.",
         PRACTITIONERS, (WRITE,), (K.CONTACT,), (P.SUPPORT,), c.works_with, (T, I)),
    rule(53, "A triage worker may see and write contacts in their queue, for TRIAGE.",
         (R.TRIAGE_WORKER,), (SEE, CONFIRM), (K.CONTACT,), (P.TRIAGE,), c.in_queue, (T, S, X)),
    # Oversight
    rule(55, "A privacy officer may see their agency's audit entries, which agencies saw its records, its sharing decisions and why they "
             "were made, and its emergency accesses, and review those that they did not open, for ASSURANCE.",
         (R.PRIVACY_OFFICER,), (SEE,), (*SHARING, K.EMERGENCY_ACCESS), (P.ASSURANCE,), c.own_agency, (O,)),
    rule(55, "A privacy officer may see their agency's audit entries, which agencies saw its records, its sharing decisions and why they "
             "were made, and its emergency accesses, and review those that they did not open, for ASSURANCE.",
         (R.PRIVACY_OFFICER,), (CONFIRM,), (K.EMERGENCY_ACCESS,), (P.ASSURANCE,), all_of(c.own_agency, c.others_record), (O,)),
    rule(56, "A privacy officer may see one person's disclosure log and their own agency's records when a checked rights request is "
             "open and a second person has approved release, for RIGHTS.",
         (R.PRIVACY_OFFICER,), (SEE,), OWN_RECORDS, (P.RIGHTS,), all_of(c.own_agency, c.rights_approved), (O,)),
    rule(60, "A safeguarding lead, health practitioner, triage or social worker may open one child's STANDARD and SENSITIVE records "
             "for hours, with reason and review, for PROTECTION.",
         OPENERS, (WRITE,), (K.EMERGENCY_ACCESS,), (P.PROTECTION,), all_of(c.wrote, c.said_child), (V, T, S, C)),
    rule(60, "A safeguarding lead, health practitioner, triage or social worker may open one child's STANDARD and SENSITIVE records "
             "for hours, with reason and review, for PROTECTION.",
         OPENERS, (SEE,), (K.SUPPORT_REPORT, K.INVOLVEMENT, K.NEED, K.LEGAL_STATUS), (P.PROTECTION,),
         all_of(c.opened_in_emergency, c.about_child, c.not_confidential), (V, T, S, C)),
    # What the terms and tables of the policy page imply
    rule(61, "A safeguarding lead for a child on roll, a team member, a triage or social worker with the case may know that "
             "STANDARD reports and needs exist which they may not see.",
         (R.SAFEGUARDING_LEAD,), (KNOW_OF,), (K.SUPPORT_REPORT, K.NEED), (P.SUPPORT,), all_of(c.standard, c.on_roll), (T,)),
    rule(61, "A safeguarding lead for a child on roll, a team member, a triage or social worker with the case may know that "
             "STANDARD reports and needs exist which they may not see.",
         PRACTITIONERS, (KNOW_OF,), (K.SUPPORT_REPORT, K.NEED), (P.SUPPORT,), all_of(c.standard, c.on_team), (T,)),
    rule(61, "A safeguarding lead for a child on roll, a team member, a triage or social worker with the case may know that "
             "STANDARD reports and needs exist which they may not see.",
         (R.TRIAGE_WORKER,), (KNOW_OF,), (K.SUPPORT_REPORT, K.NEED), (P.TRIAGE,), all_of(c.standard, c.contact_undecided), (T,)),
    rule(61, "A safeguarding lead for a child on roll, a team member, a triage or social worker with the case may know that "
             "STANDARD reports and needs exist which they may not see.",
         (R.SOCIAL_WORKER,), (KNOW_OF,), (K.SUPPORT_REPORT, K.NEED), (P.SUPPORT, P.PROTECTION), all_of(c.standard, c.with_case),
         (T,)),
    rule(62, "A triage worker or identity steward may link identity records of people whom they may find, with a reason, "
             "for TRIAGE or IDENTITY; a triage worker only people about whom no contact waits for them.",
         (R.IDENTITY_STEWARD,), (LINK,), (K.PERSON,), (P.IDENTITY,), c.always, (T,)),
    rule(62, "A triage worker or identity steward may link identity records of people whom they may find, with a reason, "
             "for TRIAGE or IDENTITY; a triage worker only people about whom no contact waits for them.",
         (R.TRIAGE_WORKER,), (LINK,), (K.PERSON,), (P.TRIAGE,), c.nothing_undecided, (T,)),
    rule(63, "The lead's agency, a triage worker or an allocated social worker may see and confirm a team position or sharing "
             "decision that another agency made, for SUPPORT, TRIAGE or PROTECTION.",
         (R.TEAM_MANAGER, R.FAMILY_PRACTITIONER), (SEE, CONFIRM), (K.TEAM_POSITION,), (P.SUPPORT,),
         all_of(c.household_leads_agency, c.made_by_another), (T,)),
    rule(63, "The lead's agency, a triage worker or an allocated social worker may see and confirm a team position or sharing "
             "decision that another agency made, for SUPPORT, TRIAGE or PROTECTION.",
         (R.TEAM_MANAGER, R.FAMILY_PRACTITIONER), (SEE, CONFIRM), (K.SHARING_DECISION,), (P.SUPPORT,),
         all_of(c.leads_agency, c.made_by_another, c.shares), (T,)),
    rule(63, "The lead's agency, a triage worker or an allocated social worker may see and confirm a team position or sharing "
             "decision that another agency made, for SUPPORT, TRIAGE or PROTECTION.",
         (R.TRIAGE_WORKER,), (SEE, CONFIRM), (K.TEAM_POSITION,), (P.TRIAGE,),
         all_of(c.contact_undecided, c.made_by_another), (T,)),
    rule(63, "The lead's agency, a triage worker or an allocated social worker may see and confirm a team position or sharing "
             "decision that another agency made, for SUPPORT, TRIAGE or PROTECTION.",
         (R.TRIAGE_WORKER,), (SEE, CONFIRM), (K.SHARING_DECISION,), (P.TRIAGE,),
         all_of(c.contact_undecided, c.made_by_another, c.shares), (T,)),
    rule(63, "The lead's agency, a triage worker or an allocated social worker may see and confirm a team position or sharing "
             "decision that another agency made, for SUPPORT, TRIAGE or PROTECTION.",
         (R.SOCIAL_WORKER,), (SEE, CONFIRM), (K.TEAM_POSITION,), (P.SUPPORT, P.PROTECTION),
         all_of(c.with_case, c.made_by_another), (T,)),
    rule(63, "The lead's agency, a triage worker or an allocated social worker may see and confirm a team position or sharing "
             "decision that another agency made, for SUPPORT, TRIAGE or PROTECTION.",
         (R.SOCIAL_WORKER,), (SEE, CONFIRM), (K.SHARING_DECISION,), (P.SUPPORT, P.PROTECTION),
         all_of(c.with_case, c.made_by_another, c.shares), (T,)),
    rule(64, "A coordinator, inclusion lead or safeguarding lead may bring in a Common Transfer File, for TRANSITION: it proposes "
             "enrolments, and confirms one only when the school that sent it brings it in for a child on its roll within the last year.",
         (R.TRANSITION_COORDINATOR, R.INCLUSION_LEAD, R.SAFEGUARDING_LEAD), (IMPORT,), (K.ENROLMENT,), (P.TRANSITION,),
         any_of(c.only_proposed, c.left_by_own_school), (O,)),
    rule(64, "A coordinator, inclusion lead or safeguarding lead may bring in a Common Transfer File, for TRANSITION: it proposes "
             "enrolments, and confirms one only when the school that sent it brings it in for a child on its roll within the last year.",
         (R.TRANSITION_COORDINATOR, R.INCLUSION_LEAD, R.SAFEGUARDING_LEAD), (IMPORT,), (K.ADDRESS, K.ATTENDANCE), (P.TRANSITION,),
         c.own_agency, (O,)),
    rule(65, "An agency administrator, for ADMINISTRATION, or a team manager, for SUPPORT, may write assignments of their own agency's "
             "other practitioners, never their own; in a confidential service only a team manager who is a member of it.",
         (R.AGENCY_ADMINISTRATOR,), (WRITE,), (K.ASSIGNMENT,), (P.ADMINISTRATION,),
         all_of(c.own_agency, c.held_by_colleague, c.standard), (T, I)),
    rule(65, "An agency administrator, for ADMINISTRATION, or a team manager, for SUPPORT, may write assignments of their own agency's "
             "other practitioners, never their own; in a confidential service only a team manager who is a member of it.",
         (R.TEAM_MANAGER,), (WRITE,), (K.ASSIGNMENT,), (P.SUPPORT,),
         all_of(c.own_agency, c.held_by_colleague, any_of(c.standard, all_of(c.confidential, c.own_service))), (T, I)),
    rule(66, "A practitioner may see earlier versions of their own agency's support report when they may see all of it, as it is and "
             "as each of them was, for SUPPORT.",
         PRACTITIONERS, (SEE_EARLIER,), (K.SUPPORT_REPORT,), (P.SUPPORT,), c.own_agency, (T, I, S)),
    rule(67, "A practitioner may see their own assignment while it runs, and their team manager sees it too, for SUPPORT.",
         PRACTITIONERS, (SEE,), (K.ASSIGNMENT,), (P.SUPPORT,), all_of(c.held_by_viewer, c.assigned), (T, I)),
    rule(67, "A practitioner may see their own assignment while it runs, and their team manager sees it too, for SUPPORT.",
         (R.TEAM_MANAGER,), (SEE,), (K.ASSIGNMENT,), (P.SUPPORT,), all_of(c.own_agency, c.manages_assigned), (T, I)),
    rule(68, "A practitioner may write whether somebody whom their agency works with agreed to its service, and see what their agency wrote "
             "when assigned, for SUPPORT.",
         PRACTITIONERS, (WRITE,), (K.SERVICE_AGREEMENT,), (P.SUPPORT,), c.works_with, (T, I)),
    rule(68, "A practitioner may write whether somebody whom their agency works with agreed to its service, and see what their agency wrote "
             "when assigned, for SUPPORT.",
         PRACTITIONERS, (SEE,), (K.SERVICE_AGREEMENT,), (P.SUPPORT,), all_of(c.own_agency, c.assigned), (T, I)),
    rule(69, "A team member, school staff apart, may see STANDARD agreements to a service, for SUPPORT; a social worker with the case STANDARD "
             "and SENSITIVE ones, for PROTECTION.",
         BUT_SCHOOL_STAFF, (SEE,), (K.SERVICE_AGREEMENT,), (P.SUPPORT,), all_of(c.on_team, c.standard), (T, I)),
    rule(69, "A team member, school staff apart, may see STANDARD agreements to a service, for SUPPORT; a social worker with the case STANDARD "
             "and SENSITIVE ones, for PROTECTION.",
         (R.SOCIAL_WORKER,), (SEE,), (K.SERVICE_AGREEMENT,), (P.PROTECTION,), all_of(c.with_case, c.not_confidential), (T, S)),
    # Court orders
    rule(71, "A social worker with the case may write court orders and see them; the lead, a statutory team member and the "
             "safeguarding lead of a child on roll may see them when covered, for PROTECTION.",
         (R.SOCIAL_WORKER,), (SEE, WRITE), (K.COURT_ORDER,), (P.PROTECTION,), all_of(c.with_case, c.not_confidential), (T, X)),
    rule(71, "A social worker with the case may write court orders and see them; the lead, a statutory team member and the "
             "safeguarding lead of a child on roll may see them when covered, for PROTECTION.",
         OTHER_PRACTITIONERS, (SEE,), (K.COURT_ORDER,), (P.PROTECTION,),
         all_of(any_of(c.lead, all_of(c.on_team, c.statutory)), c.covered), (T, X, C), differs_by_area=True),
    rule(71, "A social worker with the case may write court orders and see them; the lead, a statutory team member and the "
             "safeguarding lead of a child on roll may see them when covered, for PROTECTION.",
         (R.SAFEGUARDING_LEAD,), (SEE,), (K.COURT_ORDER,), (P.PROTECTION,), all_of(c.about_child, c.on_roll, c.covered), (T, X, C),
         differs_by_area=True),
    rule(73, EMERGENCY_SEEN, OPENERS, (SEE,), (K.EMERGENCY_ACCESS,), (P.PROTECTION,), c.wrote, (T, O)),
    rule(73, EMERGENCY_SEEN, PRACTITIONERS, (SEE,), (K.EMERGENCY_ACCESS,), (P.SUPPORT,), all_of(c.lead, c.statutory), (T, S)),
    rule(73, EMERGENCY_SEEN, (R.TRIAGE_WORKER,), (SEE,), (K.EMERGENCY_ACCESS,), (P.TRIAGE,), c.contact_undecided, (T, S)),
    rule(73, EMERGENCY_SEEN, (R.SOCIAL_WORKER,), (SEE,), (K.EMERGENCY_ACCESS,), (P.SUPPORT, P.PROTECTION), c.with_case, (T, S)),
    rule(75, "An allocated social worker may protect who somebody is, or where they are, for PROTECTION: their agency is the custodian.",
         (R.SOCIAL_WORKER,), (WRITE,), (K.PROTECTION,), (P.PROTECTION,), all_of(c.own_agency, c.with_case), (T,)),
    rule(76, "The custodian's social workers and team managers, and whoever it names, may see a protection, for PROTECTION.",
         (R.SOCIAL_WORKER, R.TEAM_MANAGER), (SEE,), (K.PROTECTION,), (P.PROTECTION,), c.own_agency, (T,)),
    rule(76, "The custodian's social workers and team managers, and whoever it names, may see a protection, for PROTECTION.",
         PRACTITIONERS, (SEE,), (K.PROTECTION,), (P.PROTECTION,), c.named_as_reader, (T, C)),
    rule(77, "The custodian's social workers and team managers may lift a protection, for PROTECTION.",
         (R.SOCIAL_WORKER, R.TEAM_MANAGER), (CONFIRM,), (K.PROTECTION,), (P.PROTECTION,), c.own_agency, (T,)),
    rule(80, "A privacy officer may see and write their agency's rights requests, for RIGHTS.",
         (R.PRIVACY_OFFICER,), (SEE, WRITE), (K.RIGHTS_REQUEST,), (P.RIGHTS,), c.own_agency, (O,)),
    rule(81, "A privacy officer or team manager may see and approve a rights request that a colleague opened, never their own, "
             "for RIGHTS.",
         (R.PRIVACY_OFFICER, R.TEAM_MANAGER), (SEE, CONFIRM), (K.RIGHTS_REQUEST,), (P.RIGHTS,),
         all_of(c.own_agency, c.others_record), (O,)),
    # Retention
    rule(85, "A privacy officer may place, see and lift their agency's legal holds, for ASSURANCE.",
         (R.PRIVACY_OFFICER,), (SEE, WRITE), (K.LEGAL_HOLD,), (P.ASSURANCE,), c.own_agency, (O,)),
)  # fmt: skip

AUDITS = (R.PRIVACY_OFFICER, P.ASSURANCE)
"""Who sees their agency's part of the trail, and for what: sentence 55, of what is no record."""
NEVER_SEARCH = (R.VOLUNTARY_WORKER, R.ANALYST, R.PRIVACY_OFFICER, R.AGENCY_ADMINISTRATOR)
"""Roles that do not search for people, whatever they may see."""

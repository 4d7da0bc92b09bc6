"""What the viewer may do with a record, and about a person: for front-ends, to draw a button only where it does something."""

import strawberry

from throughline.api.described import said
from throughline.api.policy_sentence import PolicySentence
from throughline.api.vocabulary import PermissionCode


@strawberry.type(description="Whether you may do one thing, and why. It is asked of the policy as the act itself asks it.")
class Permission:
    is_allowed: bool = said("Whether you may, as things stand.")
    code: PermissionCode = said("Why you may, or why not.")
    reason: str = said("The same for a person to read.")
    mutation: str | None = said("The name of the mutation that does it; null where there is none for this kind of record.")
    sentence: PolicySentence | None = said("The sentence of the access policy by which you may; null where you may not.")


@strawberry.type(
    description="What you may do with this record, as things stand. Ask for what you draw: each answer is worked out. It tells no "
    "more than trying would."
)
class RecordPermissions:
    amend: Permission = said("Say it better, as its next version.")
    amend_caution: Permission = said("Say anew who must not be told, and how to be in touch safely.")
    withdraw: Permission = said("Take it back, because it was wrong from the start.")
    review: Permission = said("Say whether it goes on.")
    end: Permission = said("Give it a last day.")
    confirm: Permission = said("Say yes to what another agency proposed.")
    decide: Permission = said("Say what happens next, of a request for help.")
    check: Permission = said("Say that it is sure who asks for their own data.")
    extend: Permission = said("Take more time to answer somebody who asks for their own data.")
    leave_out: Permission = said("Take something out of what they are given.")


@strawberry.type(
    description="What you may record about this person alone, named by `personId`. Acts that name a household, several people or a "
    "colleague depend on these too, and are not answered here."
)
class PersonPermissions:
    report_support: Permission = said("Report support that you gave them, all but a confidential service's.")
    start_involvement: Permission = said("Say that your agency works with them.")
    record_need: Permission = said("Say how much help they need.")
    record_legal_status: Permission = said("Record a formal status in law.")
    record_court_order: Permission = said("Record what a court has ordered.")
    make_contact: Permission = said("Ask a front door for help for them.")
    record_sharing_decision: Permission = said("Record what may be shared about them.")
    propose_sharing: Permission = said("Share though nobody agreed, once a second person has signed.")
    record_service_agreement: Permission = said("Record whether they agreed to your agency's service.")
    start_enrolment: Permission = said("Propose an enrolment at your own school or, of a local authority, at one of its area.")
    protect: Permission = said("Protect who they are, or where they are.")

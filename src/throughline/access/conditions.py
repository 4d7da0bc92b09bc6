"""The phrases of the policy, one SQL expression each: single rows, lists, counts and searches cannot disagree.

`{m}.w` holds the viewer's openings for the person as bits (`opening.Because`), `{m}.c0`, `{m}.c1` and `{m}.ag` the kinds
that live sharing decisions cover for STANDARD, for SENSITIVE, and with that person's own agreement. `{hw}` holds the
openings for the record's household. Days are Europe/London days, both ends inclusive.
"""

from throughline.access.opening import Because
from throughline.access.rule import Phrase
from throughline.terms.agency_kind import SCHOOLS, AgencyKind
from throughline.terms.role import Role
from throughline.terms.sharing import GOES_ON_WITHIN


def _opened(name: str, means: str, *because: Because) -> Phrase:
    return Phrase(name, means, f"{{m}}.w & {sum(because)} <> 0")


assigned = _opened(
    "assigned",
    "An assignment of the viewer to this person by the viewer's own agency runs today.",
    Because.ASSIGNED,
)
manages_assigned = _opened(
    "their team manager",
    "Somebody whose manager the viewer is has an assignment to this person that runs today.",
    Because.MANAGES,
)
on_roll = _opened(
    "on roll",
    "A confirmed enrolment of this person at the viewer's own school has started and has not ended (its last day is still on roll).",
    Because.ON_ROLL,
)
coming = _opened(
    "coming",
    "An enrolment of this person at the viewer's own school has been confirmed and starts on a later day.",
    Because.COMING,
)
on_team = _opened(
    "team",
    "The viewer holds a confirmed position, dated today, in the team around this family, and the position names this person.",
    Because.TEAM,
)
lead = _opened(
    "lead",
    "The viewer holds the confirmed position LEAD, dated today, and the position names this person.",
    Because.LEAD,
)
leads_agency = _opened(
    "lead's agency",
    "Somebody of the viewer's agency holds the confirmed position LEAD, dated today, and the position names this person.",
    Because.LEADS,
)
with_case = _opened(
    "with the case",
    "The viewer holds the confirmed position ALLOCATED_SOCIAL_WORKER, dated today, and the position names this person.",
    Because.CASE,
)
contact_undecided = _opened(
    "contact undecided",
    "A contact made by another agency to the viewer's front door, about this person or somebody who shares a household "
    "with them today, has not been decided.",
    Because.CONTACT,
)
nothing_undecided = Phrase(
    "no contact undecided",
    "No contact made by another agency to the viewer's front door, about this person or somebody who shares a household with them "
    "today, is undecided.",
    f"not ({contact_undecided.sql})",
)
covered = Phrase(
    "covered",
    "A confirmed sharing decision that runs today, was not withdrawn and is no refusal names this person, the record's kind with "
    "its sensitivity and the viewer's purpose; and one of its receivers lets the viewer in, for whom it has not ended early for "
    "this person (each receiver by itself). In are let the viewer's agency, its kind, or, by the school where the child is on "
    "roll, the viewer's own school where somebody whom the decision names is «on roll» (whatever their age). It has ended early, "
    "(1) where somebody else agreed for them, from the day on which they are 18 by any birth date; (2) where it is to end with an "
    "agreement to a service, from the day on which that agreement was withdrawn (by whoever gave it, or its record), the day "
    "after its last day, or, where somebody else agreed to it for whom it is about, the day on which they are 18; (3) "
    f"{GOES_ON_WITHIN.days} days after the day on which an agreement (no refusal, and its record not withdrawn) to a service about "
    "this person was withdrawn by whoever gave it, if the decision was made on that day or before, and no review on that day or "
    "later said that it goes on; (4) where somebody agreed, for the receiver who lets the viewer in, on the days of a refusal "
    "(not withdrawn on that day or before, confirmed or not) that names this person, the same purpose, one of its kinds and a "
    "receiver who meets that one (the same; an agency and its kind; the school where the child is on roll and any school or kind "
    "of school; two agencies never do), if whoever refused is this person or whoever agreed. In all four, birth dates and who "
    "agreed or refused are told without identity records of confidential services.",
    "(case {r}.sensitivity when 'STANDARD' then {m}.c0 when 'SENSITIVE' then {m}.c1 else 0 end) & {bit} <> 0",
)
household_team = Phrase(
    "household's team",
    "The viewer holds a confirmed position, dated today, for the household that the record names (without a household: team).",
    f"case when {{r}}.household_id is null then {{m}}.w else {{hw}} end & {Because.TEAM:d} <> 0",
    of_household=Because.TEAM,
)
household_lead = Phrase(
    "household's lead",
    "The viewer holds the confirmed position LEAD, dated today, for the household that the record names (a light-touch report: for a "
    "household of the family that it names).",
    f"{{hw}} & {Because.LEAD:d} <> 0",
    of_household=Because.LEAD,
)
household_case = Phrase(
    "with the household's case",
    "The viewer holds the confirmed position ALLOCATED_SOCIAL_WORKER, dated today, for the household that the record names.",
    f"{{hw}} & {Because.CASE:d} <> 0",
    of_household=Because.CASE,
)
household_leads_agency = Phrase(
    "household's lead's agency",
    "Somebody of the viewer's agency holds the confirmed position LEAD, dated today, for the household that the record names.",
    f"{{hw}} & {Because.LEADS:d} <> 0",
    of_household=Because.LEADS,
)
household_on_roll = Phrase(
    "lives with a child on roll",
    "Somebody who is on roll at the viewer's own school is a CHILD today in the household that the record names.",
    f"{{hw}} & {Because.ON_ROLL:d} <> 0",
    of_household=Because.ON_ROLL,
)
standard = Phrase("STANDARD", "The record's sensitivity is STANDARD.", "{r}.sensitivity = 'STANDARD'")
sensitive = Phrase("SENSITIVE", "The record's sensitivity is SENSITIVE.", "{r}.sensitivity = 'SENSITIVE'")
confidential = Phrase("CONFIDENTIAL", "The record's sensitivity is CONFIDENTIAL.", "{r}.sensitivity = 'CONFIDENTIAL'")
not_confidential = Phrase(
    "STANDARD or SENSITIVE",
    "The record's sensitivity is STANDARD or SENSITIVE.",
    "{r}.sensitivity <> 'CONFIDENTIAL'",
)
own_agency = Phrase("own agency", "The record was made by the viewer's own agency.", "{r}.agency_id = {me}.agency_id")
wrote = Phrase("wrote", "The viewer is the practitioner who made the record.", "{r}.practitioner_id = {me}.actor_id")
own_service = Phrase(
    "own service",
    "The record was made in a service of which the viewer is a member today.",
    "{r}.service_id = any({me}.services)",
)
about_child = Phrase(
    "child's own",
    "The person is no adult: one of their birth dates is less than 18 years ago or they are not yet born, and by none of their "
    "birth dates are they 18.",
    "not {m}.is_adult",
)
released = Phrase("released", "The author's agency has released this part of the report.", "{r}.is_released")
works_with = Phrase(
    "agency works with",
    "The viewer's agency has an identity record for this person, of its own system or made here.",
    "{m}.is_own",
)
statutory = Phrase(
    "statutory",
    "The viewer's agency is a health service, a police force or a local authority.",
    f"{{me}}.agency_kind in ('{AgencyKind.HEALTH}', '{AgencyKind.POLICE}', '{AgencyKind.LOCAL_AUTHORITY}')",
)
current = Phrase(
    "current",
    "The enrolment is confirmed, has started and has not ended.",
    "({r}.state = 'CONFIRMED' and {r}.from_on <= {me}.today and ({r}.until_on is null or {r}.until_on >= {me}.today))",
)
their_school = Phrase(
    "their school's",
    "The enrolment is at the viewer's own school; or it is a proposal for a child on roll at the viewer's own school; or the "
    "viewer's agency is the local authority of the area where the school stands.",
    f"({{r}}.school_id = {{me}}.agency_id or ({{r}}.state = 'PROPOSED' and {{m}}.w & {Because.ON_ROLL:d} <> 0) or "
    f"({{me}}.agency_kind = '{AgencyKind.LOCAL_AUTHORITY}' and {{me}}.area = "
    "(select s.area from portal.agency s where s.id = {r}.school_id)))",
)
theirs_to_change = Phrase(
    "theirs to change",
    "The viewer's agency made the enrolment, or confirmed it, or is the school where it is.",
    "({me}.agency_id in ({r}.agency_id, {r}.confirmed_by_agency_id, {r}.school_id))",
)
only_proposed = Phrase("only proposed", "The enrolment is a proposal.", "{r}.state = 'PROPOSED'")
left_by_own_school = Phrase(
    "left by own school",
    "The enrolment is at another school than the viewer's own, and a confirmed enrolment of this person at the viewer's own "
    "school runs today or ended on this day of last year or later (on 29 February: on 28 February or later); and no confirmed "
    "enrolment of theirs at a third school runs on its first day or later.",
    "({r}.school_id <> {me}.agency_id and exists (select from portal.enrolment e join portal.identity_record ei "
    "on ei.id = e.identity_record_id where ei.person_id = {m}.person_id and e.school_id = {me}.agency_id "
    "and e.state = 'CONFIRMED' and e.withdrawn_at is null and e.from_on <= {me}.today "
    "and (e.until_on is null or e.until_on >= {me}.today - interval '1 year')) "
    "and not exists (select from portal.enrolment e join portal.identity_record ei on ei.id = e.identity_record_id "
    "where ei.person_id = {m}.person_id and e.school_id not in ({me}.agency_id, {r}.school_id) "
    "and e.state = 'CONFIRMED' and e.withdrawn_at is null and (e.until_on is null or e.until_on >= {r}.from_on)))",
)
own_school = Phrase("own school's", "The enrolment is at the viewer's own school.", "{r}.school_id = {me}.agency_id")
made_by_another = Phrase(
    "another agency's", "The record was made by another agency than the viewer's.", "{r}.agency_id <> {me}.agency_id"
)
shares = Phrase("no refusal", "The decision is to share.", "not {r}.is_refusal")
refuses = Phrase("a refusal", "The decision is not to share.", "{r}.is_refusal")
awaits_second_signature = Phrase(
    "unsigned",
    "It rests on no agreement, nothing was decided yet, nobody has signed it a second time, and its last day has not passed.",
    "({r}.without_agreement is not null and {r}.decision_id is null and {r}.signed_by_id is null and {r}.until_on >= {me}.today)",
)
signed_it = Phrase(
    "signed",
    "The viewer is the practitioner who made the record, or who signed it a second time.",
    "{me}.actor_id in ({r}.practitioner_id, {r}.signed_by_id)",
)
upn_or_uln = Phrase("UPN or ULN", "The number is a UPN, former UPN or ULN.", "{r}.scheme in ('UPN', 'FORMER_UPN', 'ULN')")
nhs_number = Phrase("NHS number", "The number is an NHS number.", "{r}.scheme = 'NHS_NUMBER'")
school_made = Phrase(
    "a school's",
    "The record was made by a nursery, school or college: a number that another agency holds would tell who else knows the child.",
    "exists (select from portal.agency x where x.id = {r}.agency_id and x.kind in ("
    + ", ".join(f"'{kind}'" for kind in SCHOOLS)
    + "))",
)
ordinary_address = Phrase(
    "ordinary address",
    "The address is not marked confidential, and no address of this person that is marked so runs today or will.",
    "(not {r}.is_confidential and not exists (select from portal.address x join portal.identity_record xi "
    "on xi.id = x.identity_record_id where xi.person_id = {m}.person_id and x.is_confidential and x.withdrawn_at is null "
    "and (x.until_on is null or x.until_on >= {me}.today)))",
)
named_by_custodian = Phrase(
    "named by its custodian",
    "The address is marked confidential, and its custodian (the agency that made the record) has named the viewer.",
    "({r}.is_confidential and exists (select from portal.address_reader x "
    "where x.address_id = {r}.id and x.practitioner_id = {me}.actor_id and x.agency_id = {r}.agency_id))",
)
in_queue = Phrase("in their queue", "The contact was made to the viewer's own front door.", "{r}.front_door_id = {me}.agency_id")
held_by_viewer = Phrase("theirs", "The viewer is the practitioner who is assigned.", "{r}.holder_id = {me}.actor_id")
held_by_colleague = Phrase(
    "a colleague's",
    "Assigned is another practitioner of the viewer's own agency, not the viewer.",
    "({r}.holder_id <> {me}.actor_id and exists (select from portal.practitioner x "
    "where x.id = {r}.holder_id and x.agency_id = {me}.agency_id))",
)
said_child = Phrase(
    "said to be a child",
    "By the one identity record on which the record hangs: it says that the person is not yet born, or gives a birth date less than 18 "
    "years ago. (An identity record that the portal itself made, for a person named by id, says neither: there the person is «child's "
    "own».) What any other identity record says does not count.",
    "(select case when a.is_made_here then not {m}.is_adult else coalesce(a.is_unborn or a.date_of_birth > {me}.adult_since, false) end "
    "from portal.identity_record a where a.id = {about})",
)
opened_in_emergency = Phrase(
    "opened in an emergency",
    "The viewer made an emergency access which names this person (by any identity record that is theirs), and it runs at this very "
    "instant: from the instant at which it was made, up to and not including the instant at which its hours are over or at which it "
    "was ended early. Instants, not days: judged anew in each statement.",
    f"({{m}}.w & {Because.EMERGENCY:d} <> 0 and exists (select from portal.emergency_access x join portal.identity_record xi "
    "on xi.id = x.identity_record_id where xi.person_id = {m}.person_id and x.practitioner_id = {me}.actor_id "
    "and x.made_at <= {me}.now and x.until_at > {me}.now and (x.ended_at is null or x.ended_at > {me}.now)))",
)
always = Phrase("at any time", "No further condition.", "true")

rights_approved = Phrase(
    "rights request approved",
    "A rights request that the viewer's agency made about this person is in the state APPROVED and is not withdrawn; for a CONFIDENTIAL "
    "record, one that was made in the record's own service; for any other record, one that was made in no service.",
    "exists (select from portal.rights_request q join portal.identity_record qi on qi.id = q.identity_record_id "
    "where qi.person_id = {m}.person_id and q.agency_id = {me}.agency_id and q.state = 'APPROVED' and q.withdrawn_at is null "
    "and q.service_id is not distinct from case when {r}.sensitivity = 'CONFIDENTIAL' then {r}.service_id end)",
)

connected = _opened(
    "connected",
    "A connection of the viewer that has not ended names this person, or somebody who shares a household with them today.",
    Because.CONNECTED,
)
means_connected = Phrase(
    "must not be told, and connected",
    "The record (of a support report: the part; of an earlier version: the part as it was then) says who must not be told and names "
    "somebody whom it means (by any identity record: one of a confidential service's too); and a connection of the viewer that has not "
    "ended names that person, or somebody who shares a household with them today.",
    "coalesce({r}.must_not_be_told_id = any({me}.connected), false)",
)
keeps_connected_away = Phrase(
    "must keep away, and connected",
    "The court order names somebody who must keep away (by any identity record: one of a confidential service's too); and a connection "
    "of the viewer that has not ended names that person, or somebody who shares a household with them today.",
    "coalesce({r}.keeps_away_id = any({me}.connected), false)",
)
kept_elsewhere = Phrase(
    "protected, and another agency's",
    "A PROTECTION of IDENTITY is about this person, has no last day and is not withdrawn; and the first made of these (their custodian's) "
    "was made by another agency than the viewer's.",
    "{m}.is_kept",
)
protected_identity = Phrase(
    "protected identity",
    "A PROTECTION of IDENTITY is about this person, has no last day and is not withdrawn.",
    "exists (select from portal.identity_record x where x.person_id = {m}.person_id and x.custodian_id is not null)",
)
named_as_reader = Phrase(
    "named as reader",
    "The PROTECTION names the viewer among those who may know where the person is.",
    "exists (select from portal.protection_reader x where x.protection_id = {r}.id and x.practitioner_id = {me}.actor_id)",
)
unborn_to_others = Phrase(
    "not yet born, and not theirs to know of",
    "An identity record of this person says that they are not yet born, and none says a birth date; the viewer does not hold the "
    "position «with the case»; no confirmed sharing decision that runs today, was not withdrawn and is no refusal names them and "
    "lets the viewer in by a receiver for whom it has not ended early for this person (all as in «covered», but for whatever "
    "kinds and purpose); and either the viewer's agency has no identity record of its own system for the person, or it has one, "
    "is no health service and did not make the record (the person alone nobody made: before them such an identity record is "
    "enough).",
    "({m}.is_awaited and not ({m}.is_named and coalesce({r}.agency_id, {me}.agency_id) = {me}.agency_id))",
)
place_protected = _opened(
    "protected whereabouts",
    "The whereabouts of this person are protected: a PROTECTION of WHEREABOUTS which runs today and is not withdrawn is about them, or about "
    "somebody with whom they share a household today.",
    Because.HIDDEN_PLACE,
)
_NOT_TOLD = f"{{0}} & {Because.HIDDEN_PLACE | Because.TOLD_PLACE:d} = {Because.HIDDEN_PLACE:d}"
place_not_told = Phrase(
    "protected whereabouts, not told to the viewer",
    "The whereabouts of this person are protected (see «protected whereabouts»); another agency than the viewer's made the record; and at "
    "least one of the protections that hold for them was neither made by the viewer's agency nor names the viewer as reader.",
    f"({_NOT_TOLD.format('{m}.w')} and {{r}}.agency_id is distinct from {{me}}.agency_id)",
)
contact_not_told = Phrase(
    "a safe contact with protected whereabouts, not told to the viewer",
    "The record says how to be in touch safely (its safe contact is not empty); and «protected whereabouts, not told to the viewer» holds.",
    f"({{r}}.safe_contact is not null and {place_not_told.sql})",
)
home_not_told = Phrase(
    "a home with protected whereabouts, not told to the viewer",
    "A household of the family that the report names is home today to somebody about whom a PROTECTION of WHEREABOUTS runs today and is not "
    "withdrawn; another agency than the viewer's made the report; and of none of those households is the viewer told: at least one of "
    "its protections was neither made by the viewer's agency nor names the viewer as reader.",
    f"({_NOT_TOLD.format('{hw}')} and {{r}}.agency_id is distinct from {{me}}.agency_id)",
)
outside_service = Phrase(
    "outside its service",
    "The record is CONFIDENTIAL and was made in a service of which the viewer is not a member today.",
    "({r}.sensitivity = 'CONFIDENTIAL' and {r}.service_id <> all({me}.services))",
)
withdrawn_elsewhere = Phrase(
    "withdrawn by another agency",
    "The record has been withdrawn, and the viewer's agency did not make it.",
    "({r}.withdrawn_at is not null and {r}.agency_id <> {me}.agency_id)",
)
LAY_KINDS = (*SCHOOLS, AgencyKind.VOLUNTARY)
"""Agencies whose practitioners see no SENSITIVE content about an adult (wall W6)."""
LAY_ROLES = (Role.SCHOOL_STAFF, Role.SAFEGUARDING_LEAD, Role.INCLUSION_LEAD, Role.TRANSITION_COORDINATOR, Role.VOLUNTARY_WORKER)
"""Roles that see none, in whatever agency."""
_LAY = f"{', '.join(LAY_ROLES[:-1])} or {LAY_ROLES[-1]}"
sensitive_about_adult = Phrase(
    "SENSITIVE about an adult, to a school or voluntary role",
    "The record is SENSITIVE; the person is an adult (18 by any of their birth dates, or neither a birth date less than 18 years "
    "ago nor unborn; of a record that the viewer's own agency made, told from the one identity record on which it hangs, and from "
    "nothing that anybody else says); the viewer's agency is a nursery, school, college or voluntary group, or the viewer's role "
    f"is {_LAY}; and it is not so that the viewer is «lead» and that SENSITIVE records of the kind are «covered» by a decision "
    "which names that adult alone and to which they agreed.",
    "({r}.sensitivity = 'SENSITIVE' and {me}.is_lay and coalesce(case when {r}.agency_id = {me}.agency_id then "
    "(select not a.is_unborn and coalesce(a.date_of_birth <= {me}.today - interval '18 years', true) "
    "from portal.identity_record a where a.id = {about}) end, {m}.is_adult) "
    f"and not ({{m}}.w & {Because.LEAD:d} <> 0 and {{m}}.ag & {{bit}} <> 0))",
)
other_household = Phrase(
    "other household",
    "The viewer holds a confirmed position today for one household of a family, and none for another one of it; and (1) the "
    "record names that other household, and the viewer is not the practitioner who made it; or (2) the person is an adult who "
    "lives in that other household today; no position that the viewer holds today names them; no membership says that they live "
    "today in a household for which the viewer holds a position (one does not count if it was made by an agency of which anybody "
    "ever held a confirmed position around that household); and another agency made the record (the person alone nobody made: the "
    "viewer's agency has no identity record of its own system for them).",
    f"({{m}}.w & {Because.OTHER_HOUSEHOLD:d} <> 0 and {{r}}.agency_id is distinct from {{me}}.agency_id "
    "and ({r}.agency_id is not null or not {m}.is_named) "
    f"or {{hw}} & {Because.OTHER_HOUSEHOLD:d} <> 0 and {{r}}.practitioner_id is distinct from {{me}}.actor_id)",
)
others_record = Phrase(
    "somebody else's",
    "The viewer is not the practitioner who made the record.",
    "{r}.practitioner_id is distinct from {me}.actor_id",
)
sensitive_from_another = Phrase(
    "SENSITIVE, another agency's",
    "The record is SENSITIVE and was made by another agency.",
    "({r}.sensitivity = 'SENSITIVE' and {r}.agency_id <> {me}.agency_id)",
)
sensitive_health = Phrase(
    "SENSITIVE health",
    "The record is SENSITIVE and was made by a health service.",
    "({r}.sensitivity = 'SENSITIVE' and exists (select from portal.agency x "
    f"where x.id = {{r}}.agency_id and x.kind = '{AgencyKind.HEALTH}'))",
)

"""What is refused whatever a sentence allows. Walls come before sentences; each is a sentence too, and stands on the printed page."""

from throughline.access import conditions as c
from throughline.access.rule import Verb, Wall
from throughline.terms.record_kind import RecordKind as K
from throughline.terms.role import Role as R

CAUTIONED = (
    K.SUPPORT_REPORT, K.INVOLVEMENT, K.NEED, K.LEGAL_STATUS, K.ENROLMENT, K.ATTENDANCE, K.MEMBERSHIP, K.RELATIONSHIP, K.TEAM_POSITION,
    K.SHARING_DECISION, K.ADDRESS, K.CONTACT, K.SERVICE_AGREEMENT, K.SHARING_REASON, K.PARENTAL_RESPONSIBILITY, K.COURT_ORDER,
)  # fmt: skip
"""Kinds of record that can say who must not be told."""

OF_THE_HOUSEHOLD = (K.MEMBERSHIP, K.RELATIONSHIP, K.PARENTAL_RESPONSIBILITY)
LOCATORS = tuple(kind for kind in K if kind not in (K.PERSON, *OF_THE_HOUSEHOLD, K.LIGHT_TOUCH_REPORT, K.PROTECTION))
"""Kinds whose rows tell where somebody is (wall W4): each names a place, a school, or the agency or worker who deals with them there. Not
who belongs to a household, how they are related and who is responsible for whom, which shows to those around that household alone;
unless it says how to be in touch."""
SEEING = (Verb.SEE, Verb.SEE_EARLIER, Verb.KNOW_OF, Verb.FIND)
EVERY_VERB = tuple(Verb)

WALLS: tuple[Wall, ...] = (
    Wall("W1", "Nobody sees or writes anything about a person they are connected with (self, relative, partner, former partner, "
               "household, subject of an allegation), declared or detected.", EVERY_VERB, c.connected),
    Wall("W1-MEANT", "Nobody sees or writes a record that says of somebody with whom they are connected that they must not be "
                     "told.", EVERY_VERB, c.means_connected, (), CAUTIONED),
    Wall("W1-KEPT-AWAY", "Nobody sees or writes a court order by which somebody with whom they are connected must keep away.",
         EVERY_VERB, c.keeps_connected_away, (), (K.COURT_ORDER,)),
    Wall("W2", "CONFIDENTIAL records exist for nobody outside their own service.", EVERY_VERB, c.outside_service),
    Wall("W3", "A protected identity exists only for its custodian.", EVERY_VERB, c.kept_elsewhere),
    Wall("W3-LINK", "A protected identity is linked to nobody.", (Verb.LINK,), c.protected_identity),
    Wall("W4", "Where whereabouts are protected, every locator (address, school, destination, local agency, worker, contact details) is "
               "absent except to those the custodian names.", EVERY_VERB, c.place_not_told, (), LOCATORS),
    Wall("W4-SAFE-CONTACT", "Nor does what is said of their household tell how to be in touch with them.", EVERY_VERB,
         c.contact_not_told, (), OF_THE_HOUSEHOLD),
    Wall("W4-LIGHT-TOUCH", "Nor does a light-touch report tell who works with a family one of whose homes is protected.", EVERY_VERB,
         c.home_not_told, (), (K.LIGHT_TOUCH_REPORT,)),
    Wall("W6", "School, college, nursery and voluntary roles see no SENSITIVE content about an adult, unless lead and that "
               "adult agreed.", SEEING, c.sensitive_about_adult),
    Wall("W7", "An unborn child exists only for its health team, allocated social worker and those a sharing decision names.",
         EVERY_VERB, c.unborn_to_others),
    Wall("W8", "One household's team sees nothing of the other household's adults, address or work.", SEEING,
         c.other_household),
    Wall("WITHDRAWN", "A withdrawn record exists only for the agency that made it.", EVERY_VERB, c.withdrawn_elsewhere),
    Wall("NEVER-SCHOOL-STAFF", "School staff never see involvement, need or legal status.", SEEING, c.always,
         (R.SCHOOL_STAFF,), (K.INVOLVEMENT, K.NEED, K.LEGAL_STATUS)),
    Wall("NEVER-OTHERS-REPORTS", "School staff and voluntary workers never see others' reports.", SEEING, c.others_record,
         (R.SCHOOL_STAFF, R.VOLUNTARY_WORKER), (K.SUPPORT_REPORT,)),
    Wall("NEVER-INCLUSION-LEAD", "An inclusion lead never sees SENSITIVE reports by other agencies.", SEEING,
         c.sensitive_from_another,
         (R.INCLUSION_LEAD,), (K.SUPPORT_REPORT,)),
    Wall("NEVER-POLICE", "A police officer never sees SENSITIVE health records.", SEEING, c.sensitive_health,
         (R.POLICE_OFFICER,)),
    Wall("NEVER-STEWARD", "An identity steward never sees protected whereabouts.", SEEING, c.place_protected, (R.IDENTITY_STEWARD,),
         LOCATORS),
    Wall("NEVER-VOLUNTARY", "A voluntary worker never sees legal status.", SEEING, c.always, (R.VOLUNTARY_WORKER,),
         (K.LEGAL_STATUS,)),
)  # fmt: skip
"""W5 is the shape of the gate itself: a part shows only when it is open for every person in it (`rules.py`)."""

W5 = "A part of a record shows only to viewers allowed it for every person in that part."

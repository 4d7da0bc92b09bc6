"""Somebody asks for what an agency keeps about them."""

from tests.contract.stories.cast import LEAD, MANAGER, NURSE, PRIVACY_OFFICER, RIGHTS_MANAGER, RIGHTS_OFFICER, SAFEGUARDING_LEAD
from tests.contract.teller import ABSENT, Story, Teller

OWN_ID = (
    "select i.own_id from portal.identity_record i join portal.identity_record w on w.person_id = i.person_id "
    "join portal.agency a on a.id = i.agency_id where w.person_id = $1 and a.name = $2 and i.service_id is null order by i.own_id limit 1"
)
COUNCIL = "Marlbeck Children’s Services"


async def a_rights_request(tell: Teller) -> None:
    noah = await tell.find(OWN_ID, tell.people["noah"], COUNCIL)
    await tell.ask(SAFEGUARDING_LEAD, "PersonPage", "What is seen of him is in the trail.", id=tell.id("noah"))
    ask = {"localId": noah, "askedBy": "PARENT", "receivedOn": "2026-10-30"}
    done = await tell.act(RIGHTS_OFFICER, "OpenRightsRequest", "A parent asks for what the council keeps about Noah.", **ask)
    await tell.act(
        RIGHTS_OFFICER, "OpenRightsRequest", "An id that the agency’s system does not know.", **{**ask, "localId": "none"}
    )
    this = {"id": done["rightsRequest"]["id"]}
    seen = {"identityCheck": "PHOTO_DOCUMENT", "entitlement": "PARENTAL_RESPONSIBILITY_SEEN"}
    await tell.act(RIGHTS_MANAGER, "ApproveRightsRequest", "Nobody has checked who asks.", **this, version=1)
    await tell.act(
        RIGHTS_OFFICER, "CheckRightsRequest", "A parent, but nothing shows it.", **this, version=1, identityCheck="PHOTO_DOCUMENT"
    )
    await tell.act(
        RIGHTS_OFFICER, "CheckRightsRequest", "The parent’s passport and the birth certificate.", **this, version=1, **seen
    )
    later = {**this, "version": 2, "because": "COMPLEX"}
    await tell.act(RIGHTS_OFFICER, "ExtendRightsRequest", "Longer than three months in all.", **later, dueOn="2027-03-01")
    await tell.act(RIGHTS_OFFICER, "ExtendRightsRequest", "It takes longer.", **later, dueOn="2027-01-15")
    await tell.act(RIGHTS_OFFICER, "ApproveRightsRequest", "Never whoever opened it.", **this, version=3)
    await tell.act(RIGHTS_MANAGER, "ApproveRightsRequest", "A second person’s yes.", **this, version=3)
    await tell.ask(RIGHTS_OFFICER, "WhoHasSeenIt", "Which agencies have seen it; never who.", id=this["id"], first=5)
    await tell.ask(RIGHTS_MANAGER, "WhoHasSeenIt", "Whoever only approves is told nothing of it.", id=this["id"])
    what = {"leftOutId": ABSENT, "reason": "SERIOUS_HARM"}
    await tell.act(RIGHTS_OFFICER, "LeaveOutOfRightsRequest", "Something that would endanger somebody.", **this, version=4, **what)
    await tell.act(RIGHTS_OFFICER, "LeaveOutOfRightsRequest", "It is left out already.", **this, version=5, **what)
    await tell.act(RIGHTS_MANAGER, "CloseRightsRequest", "Whoever approves does not close.", **this, version=5, outcome="GIVEN")
    await tell.act(RIGHTS_OFFICER, "CloseRightsRequest", "It was given.", **this, version=5, outcome="GIVEN")


async def the_trail(tell: Teller) -> None:
    await tell.ask(LEAD, "PersonPage", "What is seen of him is in the trail.", id=tell.id("noah"))
    await tell.ask(NURSE, "PersonPage", "And so it is where another agency looks.", id=tell.id("noah"))
    days = {"fromOn": "2026-10-01", "untilOn": "2026-11-02"}
    mine = {**days, "purpose": "SUPPORT"}
    await tell.ask(PRIVACY_OFFICER, "AuditTrail", "What one’s own agency’s people looked at: not at whom.", input=mine, first=5)
    long = {**mine, "fromOn": "2025-01-01"}
    await tell.ask(PRIVACY_OFFICER, "AuditTrail", "More than three months at once.", input=long, first=5)
    await tell.ask(MANAGER, "AuditTrail", "Nobody else sees the trail.", input=mine)
    await tell.ask(PRIVACY_OFFICER, "WhoSawOurRecords", "Which agencies were shown what one’s own keeps.", input=days)
    await tell.ask(NURSE, "WhoSawOurRecords", "Nobody else is told.", input=days)


async def unusual_access(tell: Teller) -> None:
    await tell.ask(PRIVACY_OFFICER, "UnusualAccess", "Nothing is out of the ordinary.")
    await tell.ask(LEAD, "FamilyPicture", "Where three people in an hour are many, a family is.", id=tell.id("family hadley"))
    found = await tell.ask(PRIVACY_OFFICER, "UnusualAccess", "It is raised once, and tells nothing about anybody.")
    this = {"id": found["unusualAccess"]["edges"][0]["node"]["id"], "finding": "EXPECTED"}
    await tell.act(LEAD, "ReviewUnusualAccess", "Nobody reviews it but a privacy officer.", **this)
    await tell.act(PRIVACY_OFFICER, "ReviewUnusualAccess", "What came of it.", **this)
    await tell.act(PRIVACY_OFFICER, "ReviewUnusualAccess", "It is said once.", **this)
    await tell.ask(LEAD, "UnusualAccess", "Nobody else is told.")


STORIES: dict[str, Story] = {"a rights request": a_rights_request, "the trail": the_trail, "unusual access": unusual_access}

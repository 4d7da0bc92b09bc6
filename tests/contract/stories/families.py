"""A family that an agency begins to help: its households, members, relationships and team."""

from tests.contract.stories.cast import LEAD, MANAGER, NURSE, OFFICER, SECOND_LEAD, TEACHER, TRIAGE, YOUTH_WORKER
from tests.contract.stories.deciding import worried
from tests.contract.teller import ABSENT, Story, Teller

FROM = "2026-11-02"
SAM = {"identity": {"ownId": "EH-1", "givenName": "Sam", "familyName": "Rowan", "dateOfBirth": "2015-02-14"}}
JO = {"identity": {"ownId": "EH-2", "givenName": "Jo", "familyName": "Rowan", "dateOfBirth": "1987-06-30"}}
HOLDER = "select practitioner_id from portal.oauth_client where client_id = $1"


async def a_new_family(tell: Teller) -> None:
    me = await tell.find(HOLDER, LEAD.client_id)
    nurse = await tell.find(HOLDER, NURSE.client_id)
    begin = {"label": "Rowan household", "leadId": me, "about": [SAM, JO], "fromOn": FROM}
    await tell.act(LEAD, "StartFamily", "A family practitioner asks to lead.", **begin)
    await tell.act(LEAD, "StartFamily", "The lead must be of the own agency.", **{**begin, "leadId": nurse})
    await tell.act(
        MANAGER, "StartFamily", "A manager starts it for somebody of the team.", **{**begin, "label": "Rowan, Mill Lane"}
    )
    await tell.act(
        TEACHER, "StartFamily", "A teacher asks to lead.", **{**begin, "leadId": await tell.find(HOLDER, TEACHER.client_id)}
    )


async def its_members(tell: Teller) -> None:
    hadley, noah = tell.id("family hadley"), tell.id("noah")
    picture = await tell.ask(LEAD, "FamilyPicture", "Who is in it now.", id=hadley)
    household = picture["family"]["members"][0]["household"]["id"]
    mother = next(m["person"]["id"] for m in picture["family"]["members"] if m["role"] == "PARENT")
    aunt = {"identity": {"ownId": "EH-9", "givenName": "Wendy", "familyName": "Hadley"}}
    add = {"householdId": household, "about": aunt, "role": "OTHER_ADULT", "fromOn": FROM}
    done = await tell.act(LEAD, "AddFamilyMember", "An aunt has moved in.", **add)
    await tell.act(NURSE, "AddFamilyMember", "On the team, but only the lead writes members.", **add)
    await tell.act(LEAD, "AddFamilyMember", "A household that the lead does not know.", **{**add, "householdId": ABSENT})
    member = done["member"]
    last = {"id": member["id"], "version": member["version"]}
    await tell.act(LEAD, "EndFamilyMember", "She has moved on.", **last, untilOn="2026-11-20")
    await tell.act(LEAD, "EndFamilyMember", "The version that was read before the change.", **last, untilOn="2026-11-21")
    kin = {"householdId": household, "person": {"personId": mother}, "other": {"personId": noah}}
    kind = {"kind": "PARENT_OF", "howKnown": "Birth certificate seen"}
    made = await tell.act(LEAD, "RecordRelationship", "Whose mother she is, and how we know.", **kin, **kind)
    await tell.act(OFFICER, "RecordRelationship", "On the team, but not the lead.", **kin, **kind)
    if tie := made["relationship"]:
        await tell.act(LEAD, "EndRelationship", "Its last day.", id=tie["id"], version=tie["version"], untilOn="2026-11-30")
    await tell.act(LEAD, "EndRelationship", "A relationship that the viewer does not know.", id=ABSENT, version=1, untilOn=FROM)
    await tell.act(
        LEAD, "StartHousehold", "The parents part: a household of its own for the father.", familyId=hadley, label="Flat 2"
    )
    await tell.act(NURSE, "StartHousehold", "Only the lead of one of its households.", familyId=hadley, label="Flat 3")
    await tell.act(YOUTH_WORKER, "StartHousehold", "A family that the worker does not know.", familyId=ABSENT, label="Flat 4")


async def who_decides(tell: Teller) -> None:
    hadley, noah = tell.id("family hadley"), tell.id("noah")
    picture = await tell.ask(LEAD, "FamilyPicture", "Who decides for the children now.", id=hadley)
    household = picture["family"]["members"][0]["household"]["id"]
    aunt = {"identity": {"ownId": "EH-9", "givenName": "Wendy", "familyName": "Hadley"}}
    held = {"householdId": household, "holder": aunt, "child": {"personId": noah}, "knownBy": "TOLD"}
    told = {"mustNotBeTold": "His father must not learn where the aunt lives.", "safeContact": "Text her; never ring after five."}
    by = "RecordParentalResponsibility"
    member = {"householdId": household, "about": aunt, "role": "OTHER_ADULT", "fromOn": FROM}
    await tell.act(LEAD, "AddFamilyMember", "The aunt lives there, and how to be in touch with her.", **member, caution=told)
    await tell.ask(NURSE, "FamilyPicture", "Whoever sees the aunt’s place sees first how to be in touch.", id=hadley)
    await tell.act(NURSE, by, "On the team, but only the lead writes it.", **{**held, "holder": {"personId": noah}})
    done = await tell.act(LEAD, by, "The aunt says that she has it.", **held)
    await tell.act(LEAD, by, "Recorded already.", **held)
    this = {"id": done["parentalResponsibility"]["id"], "version": 1}
    seen = {"knownBy": "COURT_ORDER", "fromOn": "2026-10-01"}
    await tell.act(LEAD, "AmendParentalResponsibility", "A paper has been seen.", **this, **seen)
    await tell.act(LEAD, "AmendParentalResponsibility", "The version that was read before the change.", **this, **seen)
    await tell.act(LEAD, "AmendCaution", "Said too much: nobody is meant any more.", **{**this, "version": 2}, new=told)
    await tell.act(LEAD, "AmendCaution", "A record that the viewer does not know.", id=ABSENT, version=1, new=told)
    await tell.act(LEAD, "EndParentalResponsibility", "Its last day.", **{**this, "version": 3}, untilOn="2026-11-30")
    await tell.act(
        NURSE, "EndParentalResponsibility", "On the team, but not the lead.", **{**this, "version": 4}, untilOn="2026-11-29"
    )


async def its_team(tell: Teller) -> None:
    hadley, noah = tell.id("family hadley"), tell.id("noah")
    second = await tell.find(HOLDER, SECOND_LEAD.client_id)
    picture = await tell.ask(LEAD, "FamilyPicture", "Who helps now.", id=hadley)
    household = picture["family"]["members"][0]["household"]["id"]
    ask = {"householdId": household, "holderId": second, "position": "MEMBER", "about": [{"personId": noah}], "fromOn": FROM}
    done = await tell.act(LEAD, "ProposeTeamPosition", "A colleague of the lead’s is to join.", **ask)
    await tell.act(OFFICER, "ProposeTeamPosition", "On the team, but neither lead nor manager.", **ask)
    await tell.act(LEAD, "ProposeTeamPosition", "Nobody has this id.", **{**ask, "holderId": ABSENT})
    position = done["teamPosition"]
    this = {"id": position["id"], "version": position["version"]}
    await tell.act(LEAD, "ConfirmTeamPosition", "The own proposal: it takes a second agency.", **this)
    await tell.act(
        TRIAGE, "ConfirmTeamPosition", "Another agency, but no contact about the child waits at this front door.", **this
    )
    await worried(tell)
    await tell.act(TRIAGE, "ConfirmTeamPosition", "A contact waits now: the second yes.", **this)
    this["version"] = 2
    await tell.act(LEAD, "EndTeamPosition", "The lead ends it.", **this, untilOn="2026-12-18")
    await tell.act(LEAD, "EndTeamPosition", "The version that was read before the change.", **this, untilOn="2026-12-19")
    mine = next(one for one in picture["family"]["team"] if one["holder"]["agency"]["name"] == "Marlbeck Community Health")
    await tell.act(NURSE, "EndTeamPosition", "The holder steps down.", id=mine["id"], version=mine["version"], untilOn="2026-11-30")


STORIES: dict[str, Story] = {
    "a new family": a_new_family,
    "the members of a family": its_members,
    "who decides for a child": who_decides,
    "the team around a family": its_team,
}

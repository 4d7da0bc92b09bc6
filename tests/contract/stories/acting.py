"""The front door; needs, legal status and involvement; taking back; own connections."""

from tests.contract.stories.cast import (
    BROTHER,
    LEAD,
    NURSE,
    OFFICER,
    PRIVACY_OFFICER,
    SAFEGUARDING_LEAD,
    SOCIAL_WORKER,
    TEACHER,
    TRIAGE,
    YOUTH_WORKER,
)  # fmt: skip
from tests.contract.teller import ABSENT, Story, Teller

TODAY = "2026-11-02"
DOOR = "select id from portal.agency where name = $1"


async def the_front_door(tell: Teller) -> None:
    door = await tell.find(DOOR, "Marlbeck Front Door (MASH)")
    ask = {"about": {"personId": tell.id("noah")}, "frontDoorId": door, "reason": "Third time this week without a coat or lunch."}
    done = await tell.act(SAFEGUARDING_LEAD, "MakeContact", "A safeguarding lead is worried.", **ask)
    await tell.act(SAFEGUARDING_LEAD, "MakeContact", "An agency without a front door.", **{**ask, "frontDoorId": ABSENT})
    await tell.act(
        TRIAGE, "MakeContact", "The front door does not ask itself.", **{**ask, "about": {"personId": tell.id("jasleen")}}
    )
    this = {"id": done["contact"]["id"], "version": done["contact"]["version"]}
    await tell.act(SAFEGUARDING_LEAD, "DecideContact", "Whoever asks does not decide.", **this, decision="EARLY_HELP")
    await tell.act(
        TRIAGE, "DecideContact", "Decided: from now on triage sees nothing on its account.", **this, decision="EARLY_HELP"
    )
    await tell.act(TRIAGE, "DecideContact", "The version that was read before the change.", **this, decision="REFERRAL")
    await tell.ask(SAFEGUARDING_LEAD, "WhyDoISeeThis", "Whoever asked sees their contact, as it stands.", id=this["id"])


async def a_need(tell: Teller) -> None:
    need = {"about": {"personId": tell.id("noah")}, "severity": "INTENSIVE", "reason": "Mornings are hard again.", "fromOn": TODAY}
    await tell.act(LEAD, "RecordNeed", "Without a reason.", **{**need, "reason": ""})
    await tell.act(LEAD, "RecordNeed", "From today on, and why.", **need)
    await tell.act(LEAD, "RecordNeed", "One level a day: withdraw the first one.", **{**need, "severity": "ADDITIONAL"})
    await tell.act(NURSE, "RecordNeed", "On the team, but not the lead.", **need)
    jasleen = {**need, "about": {"personId": tell.id("jasleen")}}
    await tell.act(TRIAGE, "RecordNeed", "Triage, while the contact waits.", **jasleen)


async def a_legal_status(tell: Teller) -> None:
    enquiry = {"about": {"personId": tell.id("oisin")}, "status": "ENQUIRY", "fromOn": TODAY}
    done = await tell.act(SOCIAL_WORKER, "RecordLegalStatus", "An enquiry begins.", **enquiry)
    await tell.act(
        SOCIAL_WORKER, "RecordLegalStatus", "A child who is not allocated.", **{**enquiry, "about": {"personId": tell.id("noah")}}
    )
    await tell.act(
        LEAD, "RecordLegalStatus", "A role that does not write legal status.", **{**enquiry, "about": {"personId": tell.id("noah")}}
    )
    made = done["legalStatus"]
    this = {"id": made["id"], "version": made["version"]}
    await tell.act(SOCIAL_WORKER, "EndLegalStatus", "Its last day.", **this, untilOn="2026-11-30")
    await tell.act(SOCIAL_WORKER, "EndLegalStatus", "The version that was read before the change.", **this, untilOn="2026-12-01")


async def a_court_order(tell: Teller) -> None:
    order = {
        "about": {"personId": tell.id("oisin")}, "kind": "PROHIBITED_STEPS", "fromOn": TODAY,
        "whatItSays": "His uncle may not collect him from school.",
        "keepsAway": {"identity": {"ownId": "SC-77", "givenName": "Rob", "familyName": "Byrne"}},
    }  # fmt: skip
    done = await tell.act(SOCIAL_WORKER, "RecordCourtOrder", "What the court ordered, and who must keep away.", **order)
    await tell.act(
        LEAD, "RecordCourtOrder", "A role that does not write court orders.", **{**order, "about": {"personId": tell.id("noah")}}
    )
    this = {"id": done["courtOrder"]["id"], "version": 1}
    said = "His uncle may not collect him, nor wait outside."
    await tell.act(SOCIAL_WORKER, "AmendCourtOrder", "What it says, better.", **this, whatItSays=said)
    await tell.act(SOCIAL_WORKER, "AmendCourtOrder", "The version that was read before the change.", **this, whatItSays=said)
    await tell.act(SOCIAL_WORKER, "EndCourtOrder", "Its last day.", **{**this, "version": 2}, untilOn="2026-12-31")
    await tell.act(SOCIAL_WORKER, "EndCourtOrder", "It ends earlier already.", **{**this, "version": 3}, untilOn="2027-01-31")


async def a_protection(tell: Teller) -> None:
    whom = {"about": {"personId": tell.id("oisin")}, "reason": "His father has threatened to take him."}
    nurse = await tell.find("select p.id from portal.practitioner p join portal.practitioner_role r on r.practitioner_id = p.id "
                            "where r.role = 'HEALTH_PRACTITIONER' order by p.id limit 1")  # fmt: skip
    mark = {**whom, "what": "WHEREABOUTS", "readerIds": [nurse]}
    done = await tell.act(SOCIAL_WORKER, "PlaceProtection", "Where he is, is for us and the school nurse to know.", **mark)
    await tell.act(SOCIAL_WORKER, "PlaceProtection", "It stands already.", **mark)
    await tell.act(SOCIAL_WORKER, "PlaceProtection", "Who he is shows to nobody else at all.", **{**mark, "what": "IDENTITY"})
    await tell.act(LEAD, "PlaceProtection", "A role that protects nobody.", **{**mark, "about": {"personId": tell.id("noah")}})
    await tell.ask(SOCIAL_WORKER, "PersonPage", "It stands with him.", id=tell.id("oisin"))
    made = done["protection"]
    this = {"id": made["id"], "version": made["version"], "reason": "A court order keeps the father away."}
    await tell.act(NURSE, "LiftProtection", "For the custodian to say.", **this)
    await tell.act(SOCIAL_WORKER, "LiftProtection", "It is over.", **this)
    await tell.act(SOCIAL_WORKER, "LiftProtection", "The version that was read before the change.", **this)


async def an_involvement(tell: Teller) -> None:
    reach = {"about": {"personId": tell.id("noah")}, "howToReach": "School nursing, ask for the named nurse", "fromOn": TODAY}
    done = await tell.act(NURSE, "StartInvolvement", "We work with him, and this is how to reach us.", **reach)
    await tell.act(
        OFFICER, "StartInvolvement", "On somebody whom the officer may not see.", **{**reach, "about": {"personId": ABSENT}}
    )
    await tell.act(YOUTH_WORKER, "StartInvolvement", "It would end before it begins.", **reach, untilOn="2026-11-01")
    made = done["involvement"]
    this = {"id": made["id"], "version": made["version"]}
    await tell.act(LEAD, "EndInvolvement", "Another agency’s: seen, but not the lead’s to end.", **this, untilOn="2026-11-30")
    await tell.act(NURSE, "EndInvolvement", "Its last day.", **this, untilOn="2026-11-30")
    took = {"id": made["id"], "reason": "Entered for the wrong child"}
    await tell.act(NURSE, "WithdrawRecord", "The version that was read before the change.", **took, version=1)
    await tell.act(NURSE, "WithdrawRecord", "It was wrong from the start.", **took, version=2)
    await tell.act(OFFICER, "WithdrawRecord", "Another agency’s record, which does not exist for others now.", **took, version=3)


async def a_connection(tell: Teller) -> None:
    me = {"about": {"personId": tell.id("noah")}, "kind": "RELATIVE"}
    await tell.act(TEACHER, "DeclareConnection", "The teacher is his aunt.", **me)
    await tell.ask(TEACHER, "PersonPage", "From now on: null.", id=tell.id("noah"))
    await tell.act(BROTHER, "DeclareConnection", "Who is walled off already may not see whom it is about.", **me)


_OWN_ID = """
    select i.own_id from portal.identity_record i join portal.agency a on a.id = i.agency_id
    where i.person_id = $1 and a.name = 'Marlbeck Children’s Services' and i.service_id is null and not i.is_made_here
"""


async def a_legal_hold(tell: Teller) -> None:
    given = {"localId": await tell.find(_OWN_ID, tell.people["noah"]), "reason": "The serious case review of May 2026."}
    done = await tell.act(PRIVACY_OFFICER, "PlaceLegalHold", "From now on nothing about him is deleted, whoever made it.", **given)
    await tell.act(PRIVACY_OFFICER, "PlaceLegalHold", "Somebody whom the agency does not know.", **{**given, "localId": "NOBODY-1"})
    await tell.act(LEAD, "PlaceLegalHold", "Only a privacy officer does.", **given)
    this = {"id": done["legalHold"]["id"], "version": 1, "reason": "The review has been published."}
    await tell.act(LEAD, "LiftLegalHold", "Nor does anybody else lift one.", **this)
    await tell.act(PRIVACY_OFFICER, "LiftLegalHold", "Today is its last day.", **this)


STORIES: dict[str, Story] = {
    "a legal hold": a_legal_hold,
    "the front door": the_front_door,
    "a need": a_need,
    "a legal status": a_legal_status,
    "a court order": a_court_order,
    "a protection": a_protection,
    "an involvement": an_involvement,
    "a connection of one’s own": a_connection,
}

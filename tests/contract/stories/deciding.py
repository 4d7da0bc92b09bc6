"""What needs two: sharing, enrolment, linking."""

from typing import Any

from tests.contract.stories.cast import (
    COORDINATOR,
    INCLUSION_LEAD,
    LEAD,
    MANAGER,
    NEW_INCLUSION_LEAD,
    NURSE,
    PRIVACY_OFFICER,
    SAFEGUARDING_LEAD,
    SOCIAL_WORKER,
    STEWARD,
    TRIAGE,
)  # fmt: skip
from tests.contract.teller import ABSENT, Story, Teller

AGENCY = "select id from portal.agency where name = $1"


MOTHER = {"ownId": "LCS-MOTHER", "givenName": "Grace", "familyName": "Hadley"}


def decision(person: str, **more: Any) -> dict[str, Any]:
    return {
        "about": [{"personId": person}], "agreedBy": {"identity": MOTHER}, "purpose": "SUPPORT", "kinds": ["SUPPORT_REPORT", "INVOLVEMENT"],
        "receivers": [{"position": "SCHOOL_ON_ROLL"}], "lawfulBasis": "PUBLIC_TASK",
        "decidedBy": "His mother, with the lead practitioner", "fromOn": "2026-11-02", "reviewOn": "2027-02-01",
        "untilOn": "2027-07-21", **more,
    }  # fmt: skip


async def worried(tell: Teller) -> None:
    """A contact about Noah waits at the front door, and so triage may look."""
    door = await tell.find(AGENCY, "Marlbeck Front Door (MASH)")
    ask = {"about": {"personId": tell.id("noah")}, "frontDoorId": door, "reason": "Third time this week without a coat."}
    await tell.act(SAFEGUARDING_LEAD, "MakeContact", "The school is worried, and asks the front door.", **ask)


async def a_sharing_decision(tell: Teller) -> None:
    noah, write, confirm = tell.id("noah"), "RecordSharingDecision", "ConfirmSharingDecision"
    done = await tell.act(LEAD, write, "With the school where the child is on roll, whichever that will be.", **decision(noah))
    await tell.act(
        LEAD, write, "SENSITIVE records need a special-category condition.", **decision(noah, sensitiveKinds=["SUPPORT_REPORT"])
    )
    await tell.act(LEAD, write, "The family refuses: that is written down too.",
                   **decision(noah, isRefusal=True, receivers=[{"kindOfAgency": "POLICE"}]))  # fmt: skip
    await tell.act(NURSE, write, "On the team, but not the lead.", **decision(noah))
    made = done["sharingDecision"]
    this = {"id": made["id"], "version": made["version"]}
    await tell.act(LEAD, confirm, "The own decision: it takes a second agency.", **this)
    await tell.act(PRIVACY_OFFICER, confirm, "Watches over decisions, and makes none.", **this)
    await tell.act(TRIAGE, confirm, "Another agency, but no contact about the child waits at this front door.", **this)
    await worried(tell)
    await tell.act(TRIAGE, confirm, "A contact waits now: the second yes. From here on it opens what it names.", **this)
    await tell.act(TRIAGE, confirm, "The version that was read before the change.", **this)
    this["version"] = 2
    await tell.act(LEAD, "WithdrawSharingDecision", "The mother has changed her mind.", **this, reason="Asked by his mother")
    await tell.act(LEAD, "WithdrawSharingDecision", "The version that was read before the change.", **this, reason="Again")


async def without_agreement(tell: Teller) -> None:
    noah, propose, sign = tell.id("noah"), "ProposeSharingWithoutAgreement", "SignSharingWithoutAgreement"
    given = decision(noah, withoutAgreement="ASKING_RAISES_RISK", explanation="She was told never to speak to us.")
    del given["agreedBy"]
    done = await tell.act(
        LEAD, propose, "To ask would put her at risk: signed once, it opens nothing and shows to nobody else.", **given
    )
    await tell.act(NURSE, propose, "On the team, but not the lead.", **given)
    this = {"id": done["sharingReason"]["id"], "version": 1}
    await tell.act(LEAD, sign, "Whoever signed first does not sign again.", **this)
    await tell.ask(NURSE, "PersonPage", "On the team: nothing of it shows.", id=noah)
    await tell.act(MANAGER, sign, "The team manager: now it is decided, and waits for a second agency.", **this)
    await tell.ask(NURSE, "PersonPage", "On the team: a decision like any other.", id=noah)


async def an_agreement(tell: Teller) -> None:
    noah, write, gone = tell.id("noah"), "RecordServiceAgreement", "WithdrawServiceAgreement"
    given = {"about": {"personId": noah}, "agreedBy": {"identity": MOTHER}, "service": "Parenting course", "fromOn": "2026-11-02"}
    done = await tell.act(LEAD, write, "His mother agrees for him.", **given)
    await tell.act(LEAD, write, "A child who agrees for himself: say why he is judged able to.", **{**given, "agreedBy": None})
    agreement = done["serviceAgreement"]
    resting = decision(noah, serviceAgreementId=agreement["id"], reviewOn="2026-11-16")
    made = (await tell.act(LEAD, "RecordSharingDecision", "A decision that ends with the agreement.", **resting))["sharingDecision"]
    this = {"id": agreement["id"], "version": agreement["version"]}
    await tell.act(NURSE, gone, "Another agency's agreement.", **this, reason="Heard it")
    await tell.act(LEAD, gone, "She agrees no more: the service ends, and what rests on it.", **this, reason="Not for us")
    await tell.ask(LEAD, "SharingReviews", "What is due, among the decisions about people whom one leads.", first=5)
    await tell.ask(PRIVACY_OFFICER, "SharingReviews", "What is due, among those of the own agency.", first=2)
    looked = {"id": made["id"], "version": 1, "reason": "The course is over."}
    await tell.act(LEAD, "ReviewSharingDecision", "To go on, it needs another day for review.", **looked, outcome="GOES_ON")
    await tell.act(LEAD, "ReviewSharingDecision", "Looked at again, and ended.", **looked, outcome="ENDED")


async def confirmed_by_another(tell: Teller) -> None:
    jasleen, oisin = tell.id("jasleen"), tell.id("oisin")
    done = await tell.act(
        TRIAGE, "RecordSharingDecision", "While the contact waits, with the council.", **decision(jasleen, purpose="TRIAGE")
    )
    made = done["sharingDecision"]
    this = {"id": (made or {}).get("id", ABSENT), "version": 1}
    await tell.act(SOCIAL_WORKER, "ConfirmSharingDecision", "A child who is not allocated.", **this)
    await tell.act(
        SOCIAL_WORKER,
        "RecordSharingDecision",
        "The allocated social worker, for PROTECTION.",
        **decision(oisin, purpose="PROTECTION"),
    )


async def an_enrolment(tell: Teller) -> None:
    oakfield = await tell.find(AGENCY, "Oakfield Primary School")
    aidan = await tell.find(AGENCY, "St Aidan’s Catholic Primary School")
    robin = {"ownId": "SIMS-2231", "givenName": "Robin", "familyName": "Ashdown", "dateOfBirth": "2018-05-09"}
    coming = {"about": {"identity": robin}, "schoolId": aidan, "fromOn": "2026-11-09"}
    done = await tell.act(NEW_INCLUSION_LEAD, "StartEnrolment", "The new school: he is to be on roll here.", **coming)
    await tell.act(NEW_INCLUSION_LEAD, "StartEnrolment", "At somebody else’s school.", **{**coming, "schoolId": oakfield})
    await tell.act(LEAD, "StartEnrolment", "A role that does not write enrolments.", **coming)
    this = {"id": done["enrolment"]["id"], "version": done["enrolment"]["version"]}
    await tell.act(NEW_INCLUSION_LEAD, "ConfirmEnrolment", "The own proposal: it takes another agency.", **this)
    await tell.act(INCLUSION_LEAD, "ConfirmEnrolment", "A school that has no part in it: as if it did not exist.", **this)
    await tell.act(COORDINATOR, "ConfirmEnrolment", "The transition coordinator: yes.", **this)
    await tell.act(COORDINATOR, "ConfirmEnrolment", "The version that was read before the change.", **this)
    here = await tell.ask(INCLUSION_LEAD, "PersonPage", "Who is on roll.", id=tell.id("noah"))
    now = next(one for one in here["person"]["enrolments"] if one["school"]["id"] == oakfield)
    leaving = {"id": now["id"], "version": now["version"]}
    await tell.act(INCLUSION_LEAD, "EndEnrolment", "The last day on roll.", **leaving, untilOn="2026-12-18")
    await tell.act(INCLUSION_LEAD, "EndEnrolment", "An enrolment that nobody has.", id=ABSENT, version=1, untilOn="2026-12-18")
    await tell.act(
        LEAD, "EndEnrolment", "Sees the child’s current school, and may not end it.", id=now["id"], version=2, untilOn="2026-12-18"
    )


async def two_who_are_one(tell: Teller) -> None:
    two = {"personId": tell.id("ellie"), "otherPersonId": tell.id("elly")}
    why = "The same birth date, school and mother; spelling as heard."
    await tell.act(STEWARD, "LinkPeople", "Why one is sure, in a few words at least.", **two, reason="Same")
    await tell.act(LEAD, "LinkPeople", "Only stewards and triage link people.", **two, reason=why)
    await tell.act(
        STEWARD, "LinkPeople", "Somebody who does not exist.", personId=ABSENT, otherPersonId=two["personId"], reason=why
    )
    await tell.act(
        STEWARD, "LinkPeople", "They are one from now on. A steward sees no page, so `person` may be null.", **two, reason=why
    )


STORIES: dict[str, Story] = {
    "a sharing decision": a_sharing_decision,
    "without agreement": without_agreement,
    "an agreement to a service": an_agreement,
    "a decision of others": confirmed_by_another,
    "an enrolment": an_enrolment,
    "two who are one": two_who_are_one,
}

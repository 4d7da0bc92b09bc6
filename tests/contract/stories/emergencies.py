"""Opening a child's records because the child is in danger, and what comes after."""

from tests.contract.stories.cast import (
    LEAD,
    PRIVACY_OFFICER,
    PROTECTING_LEAD,
    SOCIAL_WORKER,
    TEACHER,
)
from tests.contract.teller import ABSENT, Story, Teller


async def an_emergency(tell: Teller) -> None:
    noah = tell.id("noah")
    await tell.ask(SOCIAL_WORKER, "PersonPage", "Somebody else's child: nothing.", id=noah)
    why = {"ground": "SIGNIFICANT_HARM", "reason": "Found alone at the station at midnight, afraid to go home.", "hours": 2}
    given = {"about": {"personId": noah}, **why}
    await tell.act(SOCIAL_WORKER, "OpenInEmergency", "For longer than anybody may.", **{**given, "hours": 48})
    await tell.act(TEACHER, "OpenInEmergency", "A role that opens nothing so.", **given)
    unknown = {**given, "about": {"personId": ABSENT}}
    await tell.act(PROTECTING_LEAD, "OpenInEmergency", "Nobody, or somebody whom the lead was never shown.", **unknown)
    done = await tell.act(SOCIAL_WORKER, "OpenInEmergency", "A child found by search, opened for two hours.", **given)
    await tell.act(SOCIAL_WORKER, "OpenInEmergency", "Twice at a time.", **given)
    await tell.ask(SOCIAL_WORKER, "PersonPage", "Now there is a page: the child's own records, as long as it runs.", id=noah)
    made = done["emergencyAccess"]
    await tell.ask(LEAD, "WhyDoISeeThis", "The lead is told that it was done, and may read why.", id=made["id"])
    this = {"id": made["id"], "version": 1}
    await tell.act(SOCIAL_WORKER, "EndEmergency", "Over before its hours are.", **this)
    await tell.act(SOCIAL_WORKER, "EndEmergency", "It has ended.", **{**this, "version": 2})
    await tell.ask(PRIVACY_OFFICER, "EmergencyAccesses", "What waits for a review.", state="WAITING")
    found = {
        "id": made["id"],
        "version": 2,
        "outcome": "JUSTIFIED",
        "findings": "The police confirm; nothing else would have done.",
    }
    await tell.act(SOCIAL_WORKER, "ReviewEmergency", "Not by whoever opened it.", **found)
    await tell.act(PRIVACY_OFFICER, "ReviewEmergency", "It was right.", **found)
    await tell.ask(PRIVACY_OFFICER, "EmergencyAccesses", "Nothing is overdue.", state="OVERDUE")


STORIES: dict[str, Story] = {"an emergency": an_emergency}

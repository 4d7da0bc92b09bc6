"""Reporting support: in full, in a light touch, many at once; and what becomes of a report."""

from typing import Any

from tests.contract.stories.cast import ADMINISTRATOR, ANALYST, LEAD, MANAGER, NURSE, OFFICER, TEACHER, YOUTH_WORKER
from tests.contract.teller import ABSENT, Story, Teller

ROBIN = {"ownId": "SIMS-2231", "givenName": "Robin", "familyName": "Ashdown", "dateOfBirth": "2018-05-09"}
TODAY = "2026-11-02"


def report(*parts: Any, **more: Any) -> dict[str, Any]:
    return {"kindOfSupport": "PASTORAL_MENTORING", "givenOn": TODAY, "delivery": "ONE_TO_ONE", "parts": list(parts), **more}


def about(identity: dict[str, Any], done: str, **more: Any) -> dict[str, Any]:
    return {"about": [{"identity": identity}], "whatWasDone": done, **more}


async def one_report(tell: Teller) -> None:
    given = report(about(ROBIN, "Talked about friendships and a calmer start to the day."), idempotencyKey="visit-17")
    done = await tell.act(
        TEACHER, "ReportSupport", "About a pupil, named as the school’s own system does. No search first.", **given
    )
    made = done["supportReport"]
    await tell.act(TEACHER, "ReportSupport", "Sent again, as after a lost connection: the same report, and no second one.", **given)
    given["givenOn"] = "2026-10-30"
    await tell.act(TEACHER, "ReportSupport", "The same key for something else.", **given)
    part = made["parts"][0]["id"]
    better = {"id": made["id"], "version": 1, "parts": [{"id": part, "outcome": "Going better"}]}
    await tell.act(TEACHER, "AmendReport", "The outcome, a day later. Send the version that you read.", **better)
    await tell.act(TEACHER, "AmendReport", "Somebody changed it after you read it: read it again, and decide again.", **better)
    await tell.ask(TEACHER, "EarlierVersions", "What stood there before.", id=made["id"])
    await tell.ask(NURSE, "EarlierVersions", "Another agency’s report, which the nurse may not see.", id=made["id"])
    await tell.act(NURSE, "AmendReport", "Another agency’s report, which is as good as absent.", **better)
    await tell.act(LEAD, "WithdrawReport", "Another agency’s report.", id=made["id"], version=2, reason="Not ours")
    await tell.act(TEACHER, "WithdrawReport", "Without a reason.", id=made["id"], version=2, reason=" ")
    await tell.act(TEACHER, "WithdrawReport", "It was about another child.", id=made["id"], version=2, reason="Wrong child")
    await tell.ask(TEACHER, "EarlierVersions", "All of it stays, for the agency that made it.", id=made["id"])


async def reports_of_each(tell: Teller) -> None:
    noah, ellie = {"about": [{"personId": tell.id("noah")}]}, {"about": [{"personId": tell.id("ellie")}]}
    visit = report(
        {**noah, "whatWasDone": "Weighed and measured; eats breakfast now.", "isReleased": True},
        {**ellie, "whatWasDone": "Sleeps badly before exams; relaxation practised.", "sensitivity": "SENSITIVE"},
        kindOfSupport="SCHOOL_NURSE_REVIEW", delivery="VISIT", needLevel="ADDITIONAL",
    )  # fmt: skip
    await tell.act(NURSE, "ReportSupport", "One visit, two children, a part for each: the second is SENSITIVE.", **visit)
    called = report({**noah, "whatWasDone": "Called in; no more trouble at the gate."}, kindOfSupport="COMMUNITY_SAFETY_VISIT")
    await tell.act(OFFICER, "ReportSupport", "About somebody whom the officer may see, by `personId`.", **called)
    strangers = report({"about": [{"personId": ABSENT}], "whatWasDone": "Called in."})
    await tell.act(OFFICER, "ReportSupport", "A person whom the officer may not see, or who does not exist.", **strangers)
    early = report({**noah, "whatWasDone": "Home visit."}, givenOn="2026-11-03")
    await tell.act(LEAD, "ReportSupport", "On a day to come.", **early)
    slip = report(about({**ROBIN, "upn": "A989200126001"}, "Reading group."))
    await tell.act(TEACHER, "ReportSupport", "A slip in a number: the message does not repeat it.", **slip)
    await tell.act(
        TEACHER, "ReportSupport", "A kind that the area does not have.", **report(about(ROBIN, "Chess."), kindOfSupport="CHESS")
    )
    await tell.act(ANALYST, "ReportSupport", "A role that never reports.", **report(about(ROBIN, "Chess.")))
    await tell.act(ADMINISTRATOR, "ReportSupport", "Nor does this one.", **report(about(ROBIN, "Chess.")))


async def light_touch(tell: Teller) -> None:
    evening = {"kindOfSupport": "YOUTH_ACTIVITY", "givenOn": TODAY, "delivery": "GROUP", "isLightTouch": True, "peopleReached": 14}
    okafor = tell.id("family okafor")
    touch = "ReportLightTouch"
    await tell.act(YOUTH_WORKER, touch, "An evening at the club, about nobody by name.", **evening)
    await tell.act(YOUTH_WORKER, touch, "About a family whom the worker knows.", **evening, familyId=okafor)
    await tell.act(YOUTH_WORKER, touch, "About a family that the worker may not see.", **evening, familyId=ABSENT)
    careful = {**evening, "kindOfSupport": "EMOTIONAL_HEALTH"}
    await tell.act(YOUTH_WORKER, touch, "This kind of support is SENSITIVE: report it in full.", **careful)
    await tell.act(OFFICER, touch, "Light-touch reports are for voluntary groups.", **evening)


async def many_reports(tell: Teller) -> None:
    many = "ReportSupportMany"
    lines = [
        {"idempotencyKey": "row-1", **report(about(ROBIN, "Reading group."), kindOfSupport="LEARNING_SUPPORT")},
        {"idempotencyKey": "row-2", **report(about(ROBIN, "Reading group."), kindOfSupport="LEARNING", givenOn="2026-10-30")},
        {"idempotencyKey": "row-3", **report(about({"ownId": "SIMS-40", "givenName": "Io", "familyName": "Marsh"}, "Mentoring."))},
    ]
    await tell.ask(TEACHER, many, "Three lines, the second wrong: the others are done.", input={"reports": lines})
    lines[1]["kindOfSupport"] = "LEARNING_SUPPORT"
    await tell.ask(TEACHER, many, "The same file, mended: what was done is not done again.", input={"reports": lines})
    await tell.ask(TEACHER, many, "Nothing to do.", input={"reports": []})


_COLLEAGUE = """
    select p.id from portal.practitioner p join portal.practitioner_role h on h.practitioner_id = p.id
    where h.role = $1 and p.disabled_at is null and p.agency_id in (select a.agency_id from portal.practitioner a
      join portal.practitioner_role r on r.practitioner_id = a.id where r.role = 'TEAM_MANAGER') order by p.id limit 1
"""


async def assignments(tell: Teller) -> None:
    worker = await tell.find(_COLLEAGUE, "FAMILY_PRACTITIONER")
    given = {"practitionerId": worker, "localId": "EH-2231", "fromOn": TODAY}
    why = "By the agency’s own id for the person: the answer tells nothing of them, only that it was set."
    await tell.act(MANAGER, "StartAssignment", why, **given)
    await tell.act(MANAGER, "StartAssignment", "Once is enough.", **given)
    await tell.act(NURSE, "StartAssignment", "Nobody assigns but administrators and team managers.", **given)
    elsewhere = {"practitionerId": ABSENT, "localId": "EH-2231", "fromOn": TODAY}
    await tell.act(ADMINISTRATOR, "StartAssignment", "Somebody who does not work for the agency.", **elsewhere)
    ended = {"practitionerId": worker, "localId": "EH-2231", "untilOn": TODAY}
    await tell.act(MANAGER, "EndAssignment", "From tomorrow on it opens nothing.", **ended)
    await tell.act(NURSE, "EndAssignment", "Nor does anybody else end one.", **ended)


STORIES: dict[str, Story] = {
    "assignments": assignments,
    "one report and what becomes of it": one_report,
    "reports of each agency": reports_of_each,
    "a light touch": light_touch,
    "many reports at once": many_reports,
}

"""Reading: the same person or family, seen by different people."""

from tests.contract.stories.cast import (
    ANALYST,
    BROTHER,
    COORDINATOR,
    EVERYBODY,
    INCLUSION_LEAD,
    LEAD,
    MANAGER,
    NEW_SAFEGUARDING_LEAD,
    NURSE,
    OFFICER,
    PRIVACY_OFFICER,
    SAFEGUARDING_LEAD,
    SECOND_LEAD,
    SOCIAL_WORKER,
    STEWARD,
    TEACHER,
    TRIAGE,
    YOUTH_WORKER,
)  # fmt: skip
from tests.contract.teller import ABSENT, Story, Teller


async def signing_in(tell: Teller) -> None:
    for who in EVERYBODY:
        await tell.ask(who, "Viewer", "Who I am here, to show at the top of every page.")
        await tell.ask(who, "WhatMayIDo", "Which buttons to draw.")


async def the_area(tell: Teller) -> None:
    await tell.ask(TEACHER, "SupportKinds", "The list for the form; kinds with a floor of SENSITIVE are never light-touch.")
    await tell.ask(COORDINATOR, "Agencies", "Colleges, to choose where somebody goes next.", kinds=["COLLEGE"])
    await tell.ask(LEAD, "Agencies", "By part of the name.", name="nursery")
    await tell.ask(ANALYST, "Agencies", "No agency has such a name: the list is empty.", name="Nowhere")
    school = await tell.find("select id from portal.agency where name = $1", "Oakfield Primary School")
    await tell.ask(LEAD, "Practitioners", "Whom the lead could propose for a team.", agencyId=school)
    await tell.ask(MANAGER, "Practitioners", "By the beginning of a name.", agencyId=school, name="m")
    await tell.ask(ANALYST, "Practitioners", "Who proposes nobody looks nobody up: empty.", agencyId=school)


async def published(tell: Teller) -> None:
    await tell.ask(
        ANALYST, "PublishedCounts", "What confidential services did, in one figure for an area and year; null is no figure."
    )
    await tell.ask(NURSE, "PublishedCounts", "For everybody but analysts nothing is published, not even for who works there.")


async def a_family(tell: Teller) -> None:
    hadley = tell.id("family hadley")
    for who, why in (
        (LEAD, "The lead sees every STANDARD and SENSITIVE report, the father’s treatment too."),
        (NURSE, "On the team: what sharing decisions cover, and what the drop-in, a confidential service, wrote itself."),
        (OFFICER, "On the team: STANDARD reports only."),
        (
            YOUTH_WORKER,
            "On the team: needs and involvements, and of the reports the worker’s own. VISIBLE does not say that these are all.",
        ),
        (TEACHER, "On the team: the teacher’s own reports; needs and involvements look as if there were none."),
        (SAFEGUARDING_LEAD, "Not on the team, but the child is on roll: members and what was shared with the school."),
        (BROTHER, "On the team, but the mother’s brother: the family does not exist for him."),
        (SOCIAL_WORKER, "No child of this family is allocated: null, as for an id that nothing has."),
        (ANALYST, "Never sees a family."),
    ):
        await tell.ask(who, "FamilyPicture", why, id=hadley)
    await tell.ask(YOUTH_WORKER, "FamilyPicture", "Leads this one: needs and light-touch reports too.", id=tell.id("family okafor"))
    await tell.ask(
        LEAD, "FamilyPicture", "One household of two parted parents: nothing of the other.", id=tell.id("family brennan")
    )
    await tell.ask(SECOND_LEAD, "FamilyPicture", "The other household of the same family.", id=tell.id("family brennan"))
    await tell.ask(LEAD, "FamilyPicture", "An id that nothing has: null, as for a family that you may not see.", id=ABSENT)


async def my_families(tell: Teller) -> None:
    first = await tell.ask(LEAD, "FamilyList", "The first page.", first=2)
    after = first["families"]["pageInfo"]["endCursor"]
    await tell.ask(LEAD, "FamilyList", "The next page: send `endCursor` back as `after`.", first=2, after=after)
    await tell.ask(NURSE, "FamilyList", "A cursor of somebody else’s.", first=2, after=after)
    await tell.ask(LEAD, "FamilyList", "More than a page may hold.", first=500)
    await tell.ask(OFFICER, "FamilyList", "Those on whose team the officer is.", first=3)
    await tell.ask(ANALYST, "FamilyList", "Nobody’s families: an empty list, not an error.")
    led = await tell.ask(LEAD, "FamilyList", "Those that the practitioner leads.", filter={"myPosition": "LEAD"}, first=2)
    after = led["families"]["pageInfo"]["endCursor"]
    await tell.ask(LEAD, "FamilyList", "A cursor of another filter’s list.", filter={"myPosition": "MEMBER"}, first=2, after=after)
    noah = {"personId": tell.id("noah")}
    await tell.ask(LEAD, "FamilyList", "Where this child belongs.", filter=noah)
    await tell.ask(LEAD, "FamilyList", "Where he belongs, if he was helped lately.", filter={**noah, "reportedSince": "2026-10-01"})
    await tell.ask(BROTHER, "FamilyList", "The mother’s brother: nowhere, as for an id that nobody has.", filter=noah)
    await tell.ask(LEAD, "FamilyList", "Nobody has this id.", filter={"personId": ABSENT})


async def a_person(tell: Teller) -> None:
    noah, oisin, kacper = tell.id("noah"), tell.id("oisin"), tell.id("kacper")
    for who, person, why in (
        (SAFEGUARDING_LEAD, noah, "What every agency reported, as a sharing decision names the school where he is on roll."),
        (TEACHER, noah, "The teacher’s own reports. School staff never see needs or involvements: as if there were none."),
        (LEAD, noah, "The lead practitioner."),
        (MANAGER, noah, "What the own agency reported about children of those whom the manager manages."),
        (INCLUSION_LEAD, noah, "Signed in for TRANSITION: who is on roll, and the pupil number."),
        (PRIVACY_OFFICER, noah, "The own agency’s sharing decisions, and no content."),
        (COORDINATOR, kacper, "Enrolments only: one confirmed, one proposed."),
        (TEACHER, kacper, "He has left this school: the teacher keeps what they wrote, and sees nothing later or of others’."),
        (SAFEGUARDING_LEAD, kacper, "The same school’s safeguarding lead never worked with him: null."),
        (
            SOCIAL_WORKER,
            oisin,
            "Allocated: legal status and reports. Needs are WITHHELD: there are some, ask the lead practitioner.",
        ),
        (TRIAGE, tell.id("jasleen"), "A contact about her has not been decided yet: triage may look."),
        (TRIAGE, noah, "No contact about him waits: null."),
        (BROTHER, noah, "The mother’s brother, on the team or not: null."),
        (STEWARD, noah, "A steward finds people by search and sees no page of theirs: null."),
        (LEAD, ABSENT, "Nobody has this id: null, the same as above."),
    ):
        await tell.ask(who, "PersonPage", why, id=person)
    await tell.ask(LEAD, "PersonPage", "Text that is no id is an id that nothing has.", id="17")


async def a_history(tell: Teller) -> None:
    kacper = tell.id("kacper")
    first = await tell.ask(LEAD, "PersonHistory", "All agencies’ records, newest first, page by page.", id=kacper, first=3)
    after = first["person"]["history"]["pageInfo"]["endCursor"]
    await tell.ask(LEAD, "PersonHistory", "The next page.", id=kacper, first=3, after=after)
    await tell.ask(NEW_SAFEGUARDING_LEAD, "PersonHistory", "The new school: what its position shares with it.", id=kacper)
    await tell.ask(TEACHER, "PersonHistory", "The old school: what the teacher wrote, and nothing later.", id=kacper)
    await tell.ask(SAFEGUARDING_LEAD, "PersonHistory", "The old school’s safeguarding lead: null.", id=kacper)
    await tell.ask(NURSE, "PersonHistory", "Not on this child’s team: null.", id=kacper)
    only = ["ENROLMENT"]
    await tell.ask(COORDINATOR, "PersonHistory", "Only the moves.", id=kacper, kinds=only)
    await tell.ask(
        INCLUSION_LEAD, "PersonHistory", "None of this kind that the viewer may see.", id=tell.id("noah"), kinds=["NEED"]
    )


async def a_search(tell: Teller) -> None:
    find = "PersonSearch"
    ellie = {"givenName": "Ellie", "familyName": "Hadley"}
    await tell.ask(STEWARD, find, "Anybody, with a reason: she is there twice.", input={**ellie, "reason": "SAME_PERSON"})
    await tell.ask(STEWARD, find, "Without a reason.", input=ellie)
    await tell.ask(TRIAGE, find, "Spelling is forgiven.", input={"name": "Jaslin Kaur", "reason": "NEW_CONTACT"})
    await tell.ask(SAFEGUARDING_LEAD, find, "On the own roll.", input={"name": "Noah Hadley"})
    await tell.ask(SAFEGUARDING_LEAD, find, "Moved to another school: as if there were no such child.",
                   input={"name": "Kacper Nowak"})  # fmt: skip
    await tell.ask(OFFICER, find, "On whose team the officer is; day and month exchanged.",
                   input={"name": "Hadley Noah", "dateOfBirth": "2016-01-02"})  # fmt: skip
    await tell.ask(LEAD, find, "Nobody’s name.", input={"name": "—"})
    await tell.ask(YOUTH_WORKER, find, "Roles that never search are told so.", input={"name": "Noah Hadley"})


async def a_reason(tell: Teller) -> None:
    picture = await tell.ask(OFFICER, "FamilyPicture", "Where the id comes from.", id=tell.id("family hadley"))
    report = picture["family"]["supportReports"]["edges"][0]["node"]["id"]
    why = "WhyDoISeeThis"
    await tell.ask(OFFICER, why, "The sentences of the policy that let the officer in.", id=report)
    await tell.ask(LEAD, why, "The same report, for another reason.", id=report)
    await tell.ask(BROTHER, why, "Walled off: null.", id=report)
    await tell.ask(YOUTH_WORKER, why, "Not the worker’s own report: null.", id=report)
    await tell.ask(OFFICER, why, "An id that nothing has: null.", id=ABSENT)


NEED_OF = """
    select n.id from portal.need n join portal.identity_record i on i.id = n.identity_record_id
    where i.person_id = $1 and n.withdrawn_at is null order by n.id limit 1
"""
POSITION_FOR = """
    select p.id from portal.team_position p join portal.team_position_person l on l.position_id = p.id
    join portal.identity_record i on i.id = l.identity_record_id
    where i.person_id = $1 and p.position = 'LEAD' and p.withdrawn_at is null order by p.id limit 1
"""


async def what_is_missing(tell: Teller) -> None:
    ask, noah = "WhyNotMore", tell.id("noah")
    support = {"personId": noah, "kind": "SUPPORT_REPORT"}
    await tell.ask(SAFEGUARDING_LEAD, ask, "On roll here; whether others decided to share is never told.", input=support)
    await tell.ask(NURSE, ask, "On the team, and not the lead.", input=support)
    await tell.ask(OFFICER, ask, "Need: to write it takes the lead.", input={"personId": noah, "kind": "NEED"})
    await tell.ask(BROTHER, ask, "Walled off: null.", input=support)
    await tell.ask(OFFICER, ask, "An id that nothing has: null.", input={"personId": ABSENT, "kind": "NEED"})


async def what_can_be_done(tell: Teller) -> None:
    ask, noah = "WhatCanIDoHere", tell.people["noah"]
    need, position = await tell.find(NEED_OF, noah), await tell.find(POSITION_FOR, noah)
    await tell.ask(LEAD, ask, "A need that they wrote.", id=need)
    await tell.ask(NURSE, ask, "The same need, for somebody of the team.", id=need)
    await tell.ask(LEAD, ask, "Their own position.", id=position)
    await tell.ask(LEAD, ask, "A child whom they lead.", id=tell.id("noah"))
    await tell.ask(NURSE, ask, "The same child, for somebody of the team.", id=tell.id("noah"))
    await tell.ask(BROTHER, ask, "Walled off: null.", id=tell.id("noah"))


STORIES: dict[str, Story] = {
    "signing in": signing_in,
    "the area": the_area,
    "what is published": published,
    "a family, seen by each": a_family,
    "my families": my_families,
    "a person, seen by each": a_person,
    "a child who moved school": a_history,
    "a search": a_search,
    "why do I see this": a_reason,
    "why do I not see more": what_is_missing,
    "what can I do here": what_can_be_done,
}

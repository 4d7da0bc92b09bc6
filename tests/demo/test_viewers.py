"""The line that is printed for each role is true, asked of the portal itself."""

from dataclasses import replace
from typing import Any

import pytest

from tests.demo.conftest import Borough
from throughline.demo import asks
from throughline.demo.viewers import LINES, DemoViewer, people_to_ask
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio

EVERYTHING = """query Everything($id: ID!) { person(id: $id) { familyName
  supportReports(first: 100) { edges { node { sensitivity madeBy { name } madeByPractitioner { name }
    parts { whatWasDone sensitivity } } } }
  involvements(first: 100) { edges { node { howToReach sensitivity } } }
  needs(first: 100) { edges { node { severity } } }
  enrolments { state school { name } } addresses { lines isConfidential }
  legalStatuses { status } numbers { scheme }
  contacts { decision reason } sharingDecisions { fromOn }
} }"""
TREATMENT, DEBTS, DROP_IN = "alcohol service", "Owes money", "Came by herself"
FAMILY = "query ($id: ID!) { family(id: $id) { id members { person { givenName } } } }"


async def everything(borough: Borough, role: Role, name: str) -> Any:
    async with borough.portal() as client:
        data = await borough.ask(client, borough.viewers[role], EVERYTHING, id=str(borough.held.named[name]))
    return data["person"]


def texts(person: Any) -> list[str]:
    reports = person["supportReports"]["edges"] if person else []
    return [part["whatWasDone"] for edge in reports for part in edge["node"]["parts"]]


def tells(person: Any, words: str) -> bool:
    return any(words in text for text in texts(person))


def makers(person: Any) -> set[str]:
    return {edge["node"]["madeBy"]["name"] for edge in person["supportReports"]["edges"]}


async def test_each_role_has_somebody_whose_first_question_is_answered(borough: Borough) -> None:
    assert set(borough.viewers) == set(Role) == set(LINES)
    async with borough.portal() as client:
        for viewer in borough.viewers.values():
            data = await borough.ask(client, viewer, viewer.query, **viewer.variables)
            assert all(data.values()), viewer.role


async def test_every_family_on_the_list_is_open_to_at_least_one_of_them(borough: Borough) -> None:
    assert borough.families
    unseen = {str(family) for family in borough.families}
    async with borough.portal() as client:
        for viewer in borough.viewers.values():
            for family in borough.families:
                if (await borough.ask(client, viewer, FAMILY, id=str(family)))["family"]:
                    unseen.discard(str(family))
    assert unseen == set()


async def test_every_person_on_the_list_is_open_to_at_least_one_of_them_or_waits_for_a_steward(
    borough: Borough,
) -> None:
    unseen = {str(person) for person in people_to_ask(borough.held.named)}
    async with borough.portal() as client:
        for viewer in borough.viewers.values():
            for person in list(unseen):
                asked = await borough.ask(client, viewer, "query ($id: ID!) { person(id: $id) { id } }", id=person)
                if asked["person"]:
                    unseen.discard(person)
    assert unseen <= {str(borough.held.named["elly"])}


async def test_a_teacher_sees_the_reports_they_wrote_and_nobody_elses(borough: Borough) -> None:
    noah = await everything(borough, Role.SCHOOL_STAFF, "noah")
    me = borough.viewers[Role.SCHOOL_STAFF].practitioner
    writers = {edge["node"]["madeByPractitioner"]["name"] for edge in noah["supportReports"]["edges"]}
    assert writers == {me}
    assert not noah["needs"]["edges"]
    assert not noah["involvements"]["edges"]
    assert not noah["legalStatuses"]


async def test_a_safeguarding_lead_sees_what_was_shared_with_the_school_on_roll(borough: Borough) -> None:
    noah = await everything(borough, Role.SAFEGUARDING_LEAD, "noah")
    assert {"Marlbeck Community Health", "Marlbeck Children’s Services", "Oakfield Primary School"} <= makers(noah)
    assert tells(noah, "Drew what worries him")  # SENSITIVE, and released by health
    assert not tells(noah, TREATMENT)
    async with borough.portal() as client:
        viewer = borough.viewers[Role.SAFEGUARDING_LEAD]
        data = await borough.ask(client, viewer, asks.FAMILY, id=str(borough.held.named["family hadley"]))
    said = str(data["family"]["supportReports"])
    assert not any(words in said for words in (TREATMENT, DEBTS, DROP_IN))


async def test_a_former_school_sees_of_a_child_who_moved_only_its_own(borough: Borough) -> None:
    kacper = await everything(borough, Role.SAFEGUARDING_LEAD, "kacper")
    assert kacper is None or (not texts(kacper) and not kacper["enrolments"])


async def test_an_inclusion_lead_and_a_coordinator_see_enrolments_and_no_support(borough: Borough) -> None:
    noah = await everything(borough, Role.INCLUSION_LEAD, "noah")
    assert noah["enrolments"]
    assert {number["scheme"] for number in noah["numbers"]} == {"UPN"}
    kacper = await everything(borough, Role.TRANSITION_COORDINATOR, "kacper")
    assert {enrolment["state"] for enrolment in kacper["enrolments"]} == {"PROPOSED", "CONFIRMED"}
    assert not kacper["numbers"]
    for person in (noah, kacper):
        assert not texts(person)
        assert not person["needs"]["edges"]
        assert not person["addresses"]


async def test_a_nurse_sees_her_teams_reports_and_her_own_drop_in(borough: Borough) -> None:
    assert tells(await everything(borough, Role.HEALTH_PRACTITIONER, "noah"), "Drew what worries him")
    assert tells(await everything(borough, Role.HEALTH_PRACTITIONER, "ellie"), DROP_IN)
    oisin = await everything(borough, Role.HEALTH_PRACTITIONER, "oisin")
    assert oisin is None or makers(oisin) <= {"Marlbeck Community Health"}
    async with borough.portal() as client:
        viewer = borough.viewers[Role.HEALTH_PRACTITIONER]
        brennan = await borough.ask(client, viewer, FAMILY, id=str(borough.held.named["family brennan"]))
    assert brennan["family"] is None


async def test_an_officer_sees_standard_reports_only(borough: Borough) -> None:
    noah = await everything(borough, Role.POLICE_OFFICER, "noah")
    assert tells(noah, "Sleep and diet reviewed")
    assert {edge["node"]["sensitivity"] for edge in noah["supportReports"]["edges"]} == {"STANDARD"}
    ellie = await everything(borough, Role.POLICE_OFFICER, "ellie")
    assert tells(ellie, "cooking group")
    assert not tells(ellie, DROP_IN)


async def test_the_officer_who_is_the_mothers_brother_sees_nothing(borough: Borough) -> None:
    officer = borough.viewers[Role.POLICE_OFFICER]
    brother = await borough.value("select practitioner_id from portal.connection")
    client_id = "demo-brother"
    await borough.sql(
        "insert into portal.oauth_client (id, client_id, practitioner_id, auth_method) "
        "values (gen_random_uuid(), $1, $2, 'client_secret_basic') on conflict do nothing",
        client_id,
        brother,
    )
    relative = DemoViewer(Role.POLICE_OFFICER, Purpose.SUPPORT, brother, "", "", officer.agency, client_id, "", "", "", {})
    async with borough.portal() as client:
        for name in ("noah", "ellie"):
            data = await borough.ask(client, relative, EVERYTHING, id=str(borough.held.named[name]))
            assert data["person"] is None
        data = await borough.ask(client, relative, FAMILY, id=str(borough.held.named["family hadley"]))
        assert data["family"] is None


async def test_a_group_leads_and_sees_its_own_reports_only(borough: Borough) -> None:
    chidi = await everything(borough, Role.VOLUNTARY_WORKER, "chidi")
    assert chidi["needs"]["edges"]
    assert makers(chidi) == {"Beckside Youth Project"}


async def test_a_lead_practitioner_sees_everything_but_the_drop_in(borough: Borough) -> None:
    viewer = borough.viewers[Role.FAMILY_PRACTITIONER]
    async with borough.portal() as client:
        data = await borough.ask(client, viewer, asks.FAMILY, id=str(borough.held.named["family hadley"]))
        okafor = await borough.ask(client, viewer, FAMILY, id=str(borough.held.named["family okafor"]))
    said = str(data["family"]["supportReports"])
    assert TREATMENT in said
    assert DEBTS in said
    assert DROP_IN not in said
    assert okafor["family"] is None


async def test_a_social_worker_sees_the_child_allocated_and_the_address_they_are_named_for(
    borough: Borough,
) -> None:
    oisin = await everything(borough, Role.SOCIAL_WORKER, "oisin")
    assert oisin["legalStatuses"] == [{"status": "CHILD_IN_NEED"}]
    assert tells(oisin, "Sleeps badly")
    assert not tells(oisin, "Safety plan")
    assert not tells(oisin, "deposit for his flat")
    mother = await borough.value(
        "select i.person_id from portal.address d "
        "join portal.identity_record i on i.id = d.identity_record_id "
        "where d.is_confidential"
    )
    async with borough.portal() as client:
        viewer = borough.viewers[Role.SOCIAL_WORKER]
        said = (await borough.ask(client, viewer, EVERYTHING, id=str(mother)))["person"]
    assert any(address["isConfidential"] for address in said["addresses"])
    assert await everything(borough, Role.SOCIAL_WORKER, "noah") is None


async def test_a_team_manager_sees_their_own_agencys_reports(borough: Borough) -> None:
    noah = await everything(borough, Role.TEAM_MANAGER, "noah")
    assert makers(noah) == {"Marlbeck Children’s Services"}


async def test_triage_sees_whom_an_undecided_contact_is_about(borough: Borough) -> None:
    jasleen = await everything(borough, Role.TRIAGE_WORKER, "jasleen")
    assert tells(jasleen, "Underweight")
    assert any(contact["decision"] is None for contact in jasleen["contacts"])
    assert await everything(borough, Role.TRIAGE_WORKER, "ellie") is None


async def test_a_steward_finds_one_child_twice_and_sees_no_record(borough: Borough) -> None:
    viewer = borough.viewers[Role.IDENTITY_STEWARD]
    async with borough.portal() as client:
        data = await borough.ask(client, viewer, viewer.query, **viewer.variables)
    found = {edge["node"]["id"] for edge in data["personSearch"]["edges"]}
    assert {str(borough.held.named["ellie"]), str(borough.held.named["elly"])} <= found
    assert await everything(borough, Role.IDENTITY_STEWARD, "ellie") is None


async def test_a_privacy_officer_sees_sharing_decisions_and_no_content(borough: Borough) -> None:
    noah = await everything(borough, Role.PRIVACY_OFFICER, "noah")
    assert noah["sharingDecisions"]
    assert not texts(noah)
    viewer = borough.viewers[Role.PRIVACY_OFFICER]
    async with borough.portal() as client:
        data = await borough.ask(client, viewer, viewer.query, **viewer.variables)
    assert [edge["node"]["reviewState"] for edge in data["emergencyAccesses"]["edges"]] == ["WAITING"]

    assert [hold["reason"] for hold in data["person"]["legalHolds"]] == ["A claim against the council is before the county court."]


async def test_what_is_asked_about_a_child_shows_for_rights_and_nothing_about_her_before_it_is_approved(borough: Borough) -> None:
    asking = "query ($id: ID!) { person(id: $id) { rightsRequests { state askedBy dueOn } supportReports { totalCount } } }"
    ellie = str(borough.held.named["ellie"])
    async with borough.portal() as client:
        for role in (Role.PRIVACY_OFFICER, Role.TEAM_MANAGER):
            data = await borough.ask(client, replace(borough.viewers[role], purpose=Purpose.RIGHTS), asking, id=ellie)
            assert [one["state"] for one in data["person"]["rightsRequests"]] == ["CHECKED"]
            assert data["person"]["supportReports"]["totalCount"] == 0


async def test_somebody_who_is_protected_exists_for_their_custodians_social_workers_alone(borough: Borough) -> None:
    asking = "query ($id: ID!) { person(id: $id) { givenName protections { what } } }"
    alva = str(borough.held.named["alva"])
    async with borough.portal() as client:
        seen = {role: (await borough.ask(client, viewer, asking, id=alva))["person"] for role, viewer in borough.viewers.items()}
        shown = seen.pop(Role.SOCIAL_WORKER)
        sought = {"givenName": "Alva", "familyName": "Lindqvist", "reason": "SAME_PERSON"}
        found = {
            role: (await borough.ask(client, borough.viewers[role], asks.SEARCH, input=sought))["personSearch"]["edges"]
            for role in (Role.IDENTITY_STEWARD, Role.TRIAGE_WORKER)
        }
    assert shown == {"givenName": "Alva", "protections": [{"what": "IDENTITY"}]}
    assert not any(seen.values())
    assert found.pop(Role.IDENTITY_STEWARD), "of the same agency"
    assert found == {Role.TRIAGE_WORKER: []}


async def test_analysts_and_administrators_see_nobody(borough: Borough) -> None:
    for role in (Role.ANALYST, Role.AGENCY_ADMINISTRATOR):
        for name in ("noah", "oisin", "jasleen"):
            assert await everything(borough, role, name) is None


async def test_an_analyst_sees_last_years_figure(borough: Borough) -> None:
    viewer = borough.viewers[Role.ANALYST]
    async with borough.portal() as client:
        [figure] = (await borough.ask(client, viewer, viewer.query))["publishedCounts"]
    assert figure["area"] == "Marlbeck"
    assert figure["reports"] >= figure["people"] >= 10

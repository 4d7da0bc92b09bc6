"""The answer to a request for one's own data: all that the agency keeps about the person, and nothing of anybody else."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.conftest import Database
from tests.transfer.desk import Desk, opened
from tests.world import CONFIDENTIAL, NOW, SENSITIVE, STANDARD, Human, World, day
from throughline.audit.trail import seen_rows
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role
from throughline.transfer.others import SOMEBODY, Others

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened(database, tmp_path) as made:
        yield made


@dataclass
class Kept:
    """`ours`: what is to be given; everything else is a trap. `traps`: what nobody may read in the answer."""

    ours: set[str]
    traps: dict[str, str]


async def what_is_kept(desk: Desk) -> Kept:
    """The hub keeps much about Adam, and some about his twin and mother; health keeps something too; so does a confidential service."""
    world, case = desk.world, desk.case
    adam, hub, nurse = case.adam, case.lead, case.nurse
    twin = await world.person(hub, "Zebedee", "Khan", day(-3900), own_id="TWIN-4711")
    await world.number(twin.record_id, "NHS_NUMBER", "9990000018")
    await world.lives(hub, twin, case.home)
    service = await world.service(case.hub)
    keeper = await world.practitioner(case.hub, Role.HEALTH_PRACTITIONER, services=[service])
    own = Human(adam.person_id, await world.known_to(keeper, adam.person_id, given="Adam"))
    both = await world.report(hub, ([adam], SENSITIVE), ([adam, twin], STANDARD), ([twin], STANDARD))
    texts = "Adam hid when ZEBEDEE’s mother Sara Khan shouted; his number is 999 000 0018, our file twin-4711. He will sleep."
    await part_says(world, both, 1, texts)
    await part_says(world, both, 2, "SECRET-OF-BOTH")
    await part_says(world, both, 3, "SECRET-OF-TWIN")
    ours = {str(both), str(await world.report(hub, ([adam], STANDARD)))}
    for table in ("involvement", "need", "legal_status", "address", "attendance"):
        ours.add(str(await world.about(table, hub, adam, SENSITIVE if table == "need" else STANDARD)))
    ours.add(str(await world.enrolled(hub, adam, case.school)))
    ours.add(str(await world.decision(hub, [case.school], [adam, twin])))
    ours.add(str(await world.contact(hub, adam, case.front_door)))
    enquiry = await world.about("legal_status", hub, adam, status="ENQUIRY", from_on=day(-1))
    theirs = await world.report(nurse, ([adam], STANDARD))
    await part_says(world, theirs, 1, "SECRET-OF-HEALTH")
    drop_in = await world.report(keeper, ([own], CONFIDENTIAL))
    await part_says(world, drop_in, 1, "SECRET-OF-SERVICE")
    related = await world.related(hub, case.sara, adam)
    ours |= await ids(world, "select v.id from portal.membership v where v.identity_record_id = $1", adam.record_id)
    ours |= await ids(world, "select position_id from portal.team_position_person where identity_record_id = $1", adam.record_id)
    await world.settle()
    traps = {
        "the twin's name": "Zebedee", "the twin's own id": "TWIN-4711", "the twin's number": "9990000018",
        "the twin's number as written": "999 000 0018", "the twin's record": str(twin.record_id), "the twin": str(twin.person_id),
        "the mother": "Sara", "the mother's record": str(case.sara.record_id), "a part about both": "SECRET-OF-BOTH",
        "a part about the twin": "SECRET-OF-TWIN", "another agency's words": "SECRET-OF-HEALTH", "another agency's": str(theirs),
        "a service's words": "SECRET-OF-SERVICE", "a service's": str(drop_in), "an enquiry": str(enquiry), "a relationship": str(related),
        "who works there": str(case.lead.id),
    }  # fmt: skip
    return Kept(ours, traps)


async def part_says(world: World, report_id: UUID, ordinal: int, text: str) -> None:
    await world.connection.execute(
        "update portal.support_report_part set what_was_done = $3 where report_id = $1 and ordinal = $2", report_id, ordinal, text
    )


async def ids(world: World, sql: str, *values: Any) -> set[str]:
    return {str(row[0]) for row in await world.connection.fetch(sql, *values)}


async def kept_by_sql(desk: Desk, agency_id: UUID, human: Human) -> set[str]:
    """Enumerated in another way, as the owner: records of the agency about this one person, whole or by a part of their own."""
    about_one = ("involvement", "need", "legal_status", "enrolment", "attendance", "membership", "address", "contact")
    named = "select id from portal.identity_record where person_id = $2"
    one = [
        f"select id from portal.{table} where agency_id = $1 and sensitivity <> 'CONFIDENTIAL' and identity_record_id in ({named})"
        for table in about_one
    ]
    one[2] += " and not (status = 'ENQUIRY' and until_on is null)"
    linked = [
        f"select r.id from portal.{table} r join portal.{table}_person l on l.{key} = r.id where r.agency_id = $1 "
        f"and r.sensitivity <> 'CONFIDENTIAL' and l.identity_record_id in ({named})"
        for table, key in (("team_position", "position_id"), ("sharing_decision", "decision_id"))
    ]
    alone = (
        "select r.id from portal.support_report r where r.agency_id = $1 and r.sensitivity <> 'CONFIDENTIAL' and exists (select from "
        "portal.support_report_part p where p.report_id = r.id and not exists (select from portal.support_report_part_person l "
        f"where l.part_id = p.id and l.identity_record_id not in ({named})))"
    )
    return await ids(desk.world, " union ".join([*one, *linked, alone]), agency_id, human.person_id)


def given(response: httpx.Response) -> dict[str, dict[str, Any]]:
    return {record["id"]: record for record in response.json()["records"]}


async def test_it_is_exactly_what_the_policy_says_and_tells_nothing_of_anybody_else(desk: Desk) -> None:
    kept = await what_is_kept(desk)
    request = await desk.world.rights_request(desk.officer, desk.case.adam)
    answer = await desk.get(desk.officer, request)
    assert answer.status_code == 200
    assert set(given(answer)) == kept.ours == await kept_by_sql(desk, desk.case.hub, desk.case.adam)
    page = await desk.get(desk.officer, request, "html")
    for text in (answer.text, page.text):
        lower = text.lower()
        assert {name for name, trap in kept.traps.items() if trap.lower() in lower} == set()
        assert "Adam hid when" in text
        assert SOMEBODY in text
        assert "He will sleep." in text
    assert answer.json()["leftOut"] == ["THIRD_PARTY"]
    assert [one["givenName"] for one in answer.json()["identityRecords"]] == ["Adam"]
    # a proof that catches nothing is not a proof: as its owner knows it, each trap is in the database
    everything = " ".join(str(dict(row)) for row in await desk.world.connection.fetch("select * from portal.support_report_part"))
    everything += " ".join(str(dict(row)) for row in await desk.world.connection.fetch("select * from portal.identity_record"))
    for trap in ("SECRET-OF-BOTH", "SECRET-OF-TWIN", "SECRET-OF-HEALTH", "SECRET-OF-SERVICE", "Zebedee", "TWIN-4711"):
        assert trap in everything


async def test_what_another_person_asked_for_too_is_in_their_own_answer_alone(desk: Desk) -> None:
    """An approved request for the twin opens the twin's parts to the officer: Adam's answer stays what it was."""
    kept = await what_is_kept(desk)
    request = await desk.world.rights_request(desk.officer, desk.case.adam)
    before = await desk.get(desk.officer, request)
    twin = Human(UUID(kept.traps["the twin"]), UUID(kept.traps["the twin's record"]))
    own = await desk.get(desk.officer, await desk.world.rights_request(desk.officer, twin))
    assert "SECRET-OF-TWIN" in own.text
    assert "SECRET-OF-BOTH" not in own.text
    assert "Adam" not in own.text
    after = await desk.get(desk.officer, request)
    assert after.json()["records"] == before.json()["records"]


async def test_the_same_data_give_the_same_bytes_page_after_page(desk: Desk) -> None:
    for number in range(230):
        await desk.world.about("need", desk.case.lead, desk.case.adam, from_on=day(-number), until_on=day(-number))
    request = await desk.world.rights_request(desk.officer, desk.case.adam)
    first = await desk.get(desk.officer, request)
    again = await desk.get(desk.second, request)
    assert first.content == again.content
    assert set(given(first)) == await kept_by_sql(desk, desk.case.hub, desk.case.adam)
    assert len(given(first)) > 230
    assert (await desk.get(desk.officer, request, "html")).content == (await desk.get(desk.second, request, "html")).content
    # what was given is in the trail, and by which sentence
    rows = await desk.world.connection.fetch("select seen from audit.entry where actor_id = $1", desk.officer.id)
    seen = {(str(row_id), number) for row in rows for row_id, number in seen_rows(row["seen"])}
    assert {(record, 56) for record in given(first)} <= seen


async def test_nobody_gets_it_before_it_is_approved_nor_after_it_is_closed_nor_from_elsewhere(desk: Desk) -> None:
    await what_is_kept(desk)
    approved = await desk.world.rights_request(desk.officer, desk.case.adam)
    assert (await desk.get(desk.officer, approved)).status_code == 200
    absent = await desk.get(desk.officer, UUID(int=7))
    assert absent.status_code == 404
    for state in ("OPEN", "CHECKED", "CLOSED"):
        request = await desk.world.rights_request(desk.officer, desk.case.adam, state)
        refused = await desk.get(desk.officer, request)
        assert (refused.status_code, refused.content) == (404, absent.content)
        assert (await desk.trail(desk.officer))[-1] == ("rightsRequestExport", "NOT_FOUND")
    manager = desk.case.manager
    for who, purpose in ((desk.elsewhere, Purpose.RIGHTS), (desk.officer, Purpose.ASSURANCE), (manager, Purpose.RIGHTS)):
        refused = await desk.get(who, approved, purpose=purpose)
        assert (refused.status_code, refused.content) == (404, absent.content)
        assert (await desk.trail(who))[-1] == ("rightsRequestExport", "NOT_FOUND")
    assert given(await desk.get(desk.officer, approved))
    assert (await desk.get(None, approved)).status_code == 401


async def test_what_an_officer_left_out_is_not_there_and_nothing_shows_it(desk: Desk) -> None:
    await what_is_kept(desk)
    request = await desk.world.rights_request(desk.officer, desk.case.adam)
    before = await desk.get(desk.officer, request)
    need = next(one for one, record in given(before).items() if record["kind"] == "Need")
    part = next(part["id"] for record in given(before).values() for part in record.get("parts", []))
    for left in (need, part):
        await desk.world.join(
            "left_out", request_id=request, left_out_id=UUID(left), agency_id=desk.case.hub, sensitivity="STANDARD",
            reason="SERIOUS_HARM", at=NOW,
        )  # fmt: skip
    after = await desk.get(desk.officer, request)
    assert need in before.text
    assert part in before.text
    assert need not in after.text
    assert part not in after.text
    assert "SERIOUS_HARM" not in after.text


async def test_a_confidential_service_answers_for_itself_alone(desk: Desk) -> None:
    kept = await what_is_kept(desk)
    row = await desk.world.connection.fetchrow("select * from portal.identity_record where sensitivity = 'CONFIDENTIAL'")
    inside = await desk.world.practitioner(desk.case.hub, Role.PRIVACY_OFFICER, services=[row["service_id"]])
    request = await desk.world.rights_request(inside, Human(row["person_id"], row["id"]))
    assert (await desk.get(desk.officer, request)).status_code == 404
    answer = await desk.get(inside, request)
    assert set(given(answer)) == {kept.traps["a service's"]}
    ordinary = await desk.world.rights_request(desk.officer, desk.case.adam)
    assert (await desk.get(inside, ordinary)).content == (await desk.get(desk.officer, ordinary)).content


def test_names_go_whole_and_by_their_pieces_but_not_the_persons_own() -> None:
    others = Others.of(["Anne-Marie O’Brien", "Will Khan"], ["P-770", "9990000018"], ["Adam Khan", "9990000026"])
    said = "Marie O'Brien's and WILL Khan's: 999-000-0018, p-770, not 9990000026. Ädam Khan willing."
    left = others.taken_out(said)
    assert left == f"{SOMEBODY} {SOMEBODY} and {SOMEBODY} Khan's: {SOMEBODY}, {SOMEBODY}, not 9990000026. Ädam Khan willing."

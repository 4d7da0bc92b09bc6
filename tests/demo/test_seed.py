"""The borough in a database: whole, keeping every constraint, and never in the way of anything else."""

from datetime import date

import pytest

from tests.conftest import Database
from tests.demo.conftest import CHILDREN, Borough, fetched, seeded
from throughline.demo.seed import SeedError

pytestmark = pytest.mark.anyio

SECRET = "demo-secret-of-these-tests-0123456789"
OPEN_LEADS = """portal.team_position p join portal.agency a on a.id = p.holder_agency_id
    where p.position = 'LEAD' and p.until_on is null and p.confirmed_by_agency_id is not null"""
NEVER = {
    "a school confirms itself": "select from portal.enrolment where confirmed_by_agency_id = school_id",
    "parts are miscounted": """select from portal.support_report r where parts_made <>
        (select count(*) from portal.support_report_part p where p.report_id = r.id)""",
    "people of a part are miscounted": """select from portal.support_report_part r where people <>
        (select count(*) from portal.support_report_part_person p where p.part_id = r.id)""",
    "a light-touch report says more": """select from portal.support_report where is_light_touch
        and (parts_made > 0 or need_level is not null or people_reached is null)""",
    "a report stands under its kind's floor": """select from portal.support_report r
        join portal.support_kind k on k.code = r.kind_of_support
        where k.floor = 'SENSITIVE' and r.sensitivity = 'STANDARD'""",
    "a part stands under its kind's floor": """select from portal.support_report_part p
        join portal.support_report r on r.id = p.report_id
        join portal.support_kind k on k.code = r.kind_of_support
        where k.floor = 'SENSITIVE' and p.sensitivity = 'STANDARD'""",
    "a record is about somebody else's identity record": """select from portal.need r
        join portal.identity_record i on i.id = r.identity_record_id where i.agency_id <> r.agency_id""",
    "an author works elsewhere": """select from portal.support_report r
        join portal.practitioner p on p.id = r.practitioner_id where p.agency_id <> r.agency_id""",
    "a confidential author is no member": """select from portal.support_report r
        where r.service_id is not null
        and not exists (select from portal.service_member m where m.service_id = r.service_id
        and m.practitioner_id = r.practitioner_id)""",
    "a steward meets a confidential record": """select from portal.link_event e
        join portal.identity_record i on i.id = e.identity_record_id
        where e.because = 'DECIDED' and i.sensitivity = 'CONFIDENTIAL'""",
    "a person is not the fold of the ledger": """select from portal.identity_record i where person_id <>
        (select e.person_id from portal.link_event e where e.identity_record_id = i.id
        order by e.at desc, e.id desc limit 1)""",
    "of a nameless pupil there is more than the key that links": """select from portal.search_key k
        join portal.identity_record i on i.id = k.identity_record_id where i.family_name is null
        group by i.id having count(*) > 1""",
    "a name cannot be found": """select from portal.identity_record i where i.family_name is not null
        and not exists (select from portal.search_key k where k.identity_record_id = i.id)""",
}
ALWAYS = {
    "a withdrawn report": "select from portal.support_report where withdrawn_at is not null",
    "a withdrawn decision": "select from portal.sharing_decision where withdrawn_on is not null",
    "a refusal": "select from portal.sharing_decision where is_refusal",
    "an expired decision": "select from portal.sharing_decision where until_on < current_date",
    "an unconfirmed decision": "select from portal.sharing_decision where confirmed_by_agency_id is null",
    "a proposed move": "select from portal.enrolment where state = 'PROPOSED'",
    "an ended enrolment": "select from portal.enrolment where until_on < current_date",
    "a move confirmed by the old school": """select from portal.enrolment e
        join portal.agency a on a.id = e.confirmed_by_agency_id where a.kind = 'SCHOOL'""",
    "a confidential drop-in": "select from portal.support_report where sensitivity = 'CONFIDENTIAL'",
    "a confidential address with a reader": """select from portal.address a
        join portal.address_reader r on r.address_id = a.id where a.is_confidential""",
    "an undecided contact": "select from portal.contact where decided_on is null",
    "a decided contact": "select from portal.contact where decision is not null",
    "a connection": "select from portal.connection",
    "a legal status": "select from portal.legal_status",
    "attendance": "select from portal.attendance",
    "a child in two households": """select from portal.membership m join portal.identity_record i
        on i.id = m.identity_record_id group by i.person_id, m.family_id
        having count(distinct m.household_id) = 2""",
    "a link by number": "select from portal.link_event where because = 'NUMBER'",
    "a link by decision": "select from portal.link_event where because = 'DECIDED'",
    "a feed that is late": "select from portal.feed where covered_to + promised_every_days < current_date",
    "a part that is released": "select from portal.support_report_part where is_released",
    "a lead from a school": f"select from {OPEN_LEADS} and a.kind in ('SCHOOL', 'COLLEGE', 'NURSERY')",
    "a lead from a group": f"select from {OPEN_LEADS} and a.kind = 'VOLUNTARY'",
    "a lead from health": f"select from {OPEN_LEADS} and a.kind = 'HEALTH'",
}


@pytest.mark.parametrize("rule", NEVER)
async def test_in_no_borough(borough: Borough, rule: str) -> None:
    assert not await borough.value(f"select exists ({NEVER[rule]})")


@pytest.mark.parametrize("thing", ALWAYS)
async def test_in_every_borough_there_is(borough: Borough, thing: str) -> None:
    assert await borough.value(f"select exists ({ALWAYS[thing]})")


async def test_no_table_that_should_hold_something_is_empty(borough: Borough) -> None:
    tables = await borough.sql("select relname as name from pg_class where relnamespace = 'portal'::regnamespace and relkind = 'r'")
    empty = {row["name"] for row in tables if not await borough.value(f"select exists (select from portal.{row['name']})")}
    nobody_yet = {"left_out", "protection_reader", "unusual_access"}
    assert empty <= {"idempotency_key", "imported_file", "link_key", "oauth_assertion", "outbox", "record_history"} | nobody_yet


async def test_children_and_cases_are_in_proportion(borough: Borough) -> None:
    cases = await borough.value(f"select count(*) from {OPEN_LEADS} and a.name <> 'Marlbeck Children’s Services'")
    assert cases == round(CHILDREN * 588 / 5000)
    children = await borough.value(
        """select count(distinct i.person_id) from portal.team_position p
           join portal.membership m on m.household_id = p.household_id and m.role in ('CHILD', 'UNBORN_CHILD')
           join portal.identity_record i on i.id = m.identity_record_id
           where p.position = 'LEAD' and p.until_on is null and p.confirmed_by_agency_id is not null"""
    )
    assert children == round(CHILDREN * 990 / 5000)


async def test_openings_are_derived_and_of_every_sort(borough: Borough) -> None:
    found = await borough.sql("select because, count(*) n from portal.opening group by 1")
    assert sum(row["n"] for row in found) == borough.held.rows["opening"]
    # A place that begins on a later day is COMING only once it is confirmed: every other sort is there.
    assert {row["because"] for row in found} == {1 << place for place in range(13)} - {8} | {
        row["because"] for row in found if row["because"] == 8
    }


async def test_running_again_keeps_what_was_written(database: Database) -> None:
    first = await seeded(database, SECRET)
    await fetched(
        database,
        "update portal.practitioner set name = 'Somebody Else' where id in "
        "(select id from portal.practitioner order by id limit 1)",
    )
    again = await seeded(database, SECRET, children=1000)
    assert first.is_new
    assert not again.is_new
    assert (again.seed, again.children, again.named) == (first.seed, first.children, first.named)
    assert (await fetched(database, "select count(*) from portal.practitioner where name = 'Somebody Else'"))[0][0] == 1


async def test_a_borough_that_is_kept_is_fed_on(database: Database) -> None:
    """Else a demo of last month would say STALE everywhere; what is late on the first day stays as late."""
    late = (
        "select id, $1::date - covered_to as days, covered_to + promised_every_days < $1 as is_stale from portal.feed order by id"
    )
    began, later = date(2026, 11, 2), date(2026, 12, 20)
    await seeded(database, SECRET, as_of=began)
    first = await fetched(database, late, began)
    assert {row["is_stale"] for row in first} == {True, False}
    assert {row["is_stale"] for row in await fetched(database, late, later)} == {True, False}
    assert sum(row["is_stale"] for row in await fetched(database, late, later)) > sum(row["is_stale"] for row in first)
    for day in (later, later, began):
        await seeded(database, SECRET, as_of=day)
        assert await fetched(database, late, later) == first


async def test_fresh_makes_it_anew_with_the_same_ids(database: Database) -> None:
    ids = "select array_agg(id order by id) from portal.identity_record"
    await seeded(database, SECRET)
    before = (await fetched(database, ids))[0][0]
    again = await seeded(database, SECRET, fresh=True)
    assert again.is_new
    assert (await fetched(database, ids))[0][0] == before


async def test_a_database_that_no_demo_made_is_left_alone(database: Database) -> None:
    await fetched(database, "insert into portal.person (id, made_at) values (gen_random_uuid(), now())")
    for fresh in (False, True):
        with pytest.raises(SeedError):
            await seeded(database, SECRET, fresh=fresh)
    assert (await fetched(database, "select count(*) from portal.person"))[0][0] == 1

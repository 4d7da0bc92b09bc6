"""What an agency's own system says of somebody again: the same, something new, something put right, or somebody else."""

import asyncio
from typing import Any

import asyncpg
import pytest

from tests.conftest import Database
from tests.records.case import Case, identity
from tests.records.portal import Given, Portal
from tests.records.test_support_report import SHOWS, talked
from tests.world import NOW, Someone
from throughline.access import acting
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio
SUPPORT, SUBMIT = Purpose.SUPPORT, "supportReportSubmit"
NUMBER, OTHER_NUMBER = "9434765919", "9434765870"
WHO = "supportReport { id about { id givenName familyName dateOfBirth } }"


def named(own_id: str = "A1", given: str = "Adam", born: str = "2015-05-06", **more: str) -> Given:
    about = identity(own_id, given, born=born)
    about["identity"] |= more
    return talked(about)


async def says(portal: Portal, who: Someone, given: Given) -> Any:
    """Whom the report is about, as its submitter is shown them."""
    return (await portal.does(who, SUPPORT, SUBMIT, given, WHO))["about"][0]


async def kept(portal: Portal, own_id: str = "A1") -> Any:
    return await portal.world.connection.fetchrow("select * from portal.identity_record where own_id = $1", own_id)


async def assigned(portal: Portal, who: Someone) -> None:
    await portal.world.assigned(who, (await kept(portal))["id"])
    await portal.world.settle()


@pytest.mark.parametrize(
    "somebody_else",
    [{"given": "Victoria", "born": "2014-04-04"}, {"nhsNumber": OTHER_NUMBER}, {"upn": "R808200015001"}],
    ids=["another forename and birth date", "another NHS number", "another UPN"],
)
async def test_an_id_that_is_said_of_somebody_else_is_refused(portal: Portal, case: Case, somebody_else: dict[str, str]) -> None:
    """Whoever is assigned included: it is no correction."""
    await says(portal, case.nurse, named(nhsNumber=NUMBER, upn="B801200005001"))
    await assigned(portal, case.nurse)
    await portal.refuses(case.nurse, SUPPORT, SUBMIT, named(**somebody_else), "BAD_USER_INPUT", "identity", "ownId")
    assert (await says(portal, case.nurse, named(nhsNumber=NUMBER)))["givenName"] == "Adam"


async def test_nor_does_anybody_become_somebody_else_by_and_by(portal: Portal, case: Case) -> None:
    await says(portal, case.nurse, named())
    await assigned(portal, case.nurse)
    assert (await says(portal, case.nurse, named(given="Victoria")))["givenName"] == "Victoria"
    last = named(given="Victoria", born="2014-04-04")
    await portal.refuses(case.nurse, SUPPORT, SUBMIT, last, "BAD_USER_INPUT", "identity", "ownId")


async def test_who_is_renamed_is_not_whom_others_mean_by_the_new_name(portal: Portal, case: Case) -> None:
    """Link keys are those of whom a record was made for. The control: by the first name they meet."""
    first = await says(portal, case.nurse, named(nhsNumber=NUMBER))
    await assigned(portal, case.nurse)
    await says(portal, case.nurse, named(given="Victoria", nhsNumber=NUMBER))
    assert (await says(portal, case.lead, named("X", "Victoria", nhsNumber=NUMBER)))["id"] != first["id"]
    assert (await says(portal, case.teacher, named("Y", "Adam", nhsNumber=NUMBER)))["id"] == first["id"]


async def test_a_number_learned_later_is_met_by(portal: Portal, case: Case) -> None:
    first = await says(portal, case.nurse, named())
    await says(portal, case.nurse, named(nhsNumber=NUMBER))
    assert (await says(portal, case.lead, named("X", nhsNumber=NUMBER)))["id"] == first["id"]


async def test_a_number_without_forename_and_birth_date_is_nobodys(portal: Portal, case: Case) -> None:
    await says(portal, case.nurse, named())
    await portal.does(case.nurse, SUPPORT, SUBMIT, talked({"identity": {"ownId": "A1", "nhsNumber": NUMBER}}), WHO)
    assert await portal.world.connection.fetchval("select count(*) from portal.identity_number") == 0


async def test_a_yes_to_nobody_in_particular_is_not_carried_to_a_child_chosen_afterwards(portal: Portal, case: Case) -> None:
    """An enrolment of whom the school calls A1, without a name, is confirmed; then the school says that A1 is another agency's child."""
    theirs = await says(portal, case.nurse, named("N1", nhsNumber=NUMBER))
    start = {"about": {"identity": {"ownId": "A1"}}, "schoolId": str(case.school), "fromOn": "2026-01-10"}
    made = await portal.does(case.inclusion_lead, Purpose.TRANSITION, "enrolmentStart", start, "enrolment { id version }")
    await portal.does(case.coordinator, Purpose.TRANSITION, "enrolmentConfirm", made, "enrolment { id }", told="CONFIRM")
    await says(portal, case.teacher, named(nhsNumber=NUMBER))
    assert str((await kept(portal))["person_id"]) != theirs["id"]
    await portal.world.connection.execute("delete from portal.enrolment")
    await portal.world.known_to(case.school, await portal.world.add("person", made_at=NOW), own_id="A2")
    await says(portal, case.teacher, named("A2", nhsNumber=NUMBER))
    assert str((await kept(portal, "A2"))["person_id"]) == theirs["id"]


async def test_only_who_may_write_it_puts_an_identity_right(portal: Portal, case: Case) -> None:
    """A colleague who is not assigned gets the same answer, with what is kept."""
    await says(portal, case.nurse, named())
    assert (await says(portal, case.nurse, named(given="Adham", familyName="Reed")))["givenName"] == "Adam"
    assert (await kept(portal))["version"] == 1
    await assigned(portal, case.nurse)
    answer = await says(portal, case.nurse, named(given="Adham", familyName="Reed"))
    assert (answer["givenName"], answer["familyName"]) == ("Adham", "Reed")


async def test_what_is_put_right_is_in_history_trail_and_outbox(portal: Portal, case: Case) -> None:
    await says(portal, case.nurse, named())
    await assigned(portal, case.nurse)
    await says(portal, case.nurse, named(given="Adham"))
    row = await kept(portal)
    query = "select body ->> 'given_name', kind, agency_id, sensitivity from portal.record_history where record_id = $1"
    was = await portal.world.connection.fetch(query, row["id"])
    assert [tuple(one) for one in was] == [("Adam", "identity_record", case.health, "STANDARD")]
    outbox = "select kind, verb from portal.outbox where record_id = $1"
    assert [tuple(one) for one in await portal.world.connection.fetch(outbox, row["id"])] == [("IDENTITY_RECORD", "WRITE")]
    seen = await portal.world.connection.fetch("select seen from audit.entry where verb = $1 and outcome = 'WRITTEN'", SUBMIT)
    assert [row["id"].bytes in one["seen"] for one in seen] == [True]


@pytest.mark.parametrize("role", [Role.AGENCY_ADMINISTRATOR, Role.ANALYST, Role.PRIVACY_OFFICER, Role.HEALTH_PRACTITIONER])
async def test_who_declares_a_connection_says_nothing_of_an_identity(portal: Portal, case: Case, role: Role) -> None:
    await says(portal, case.nurse, named())
    before = await kept(portal)
    purpose = {
        Role.AGENCY_ADMINISTRATOR: Purpose.ADMINISTRATION,
        Role.ANALYST: Purpose.OVERSIGHT,
        Role.PRIVACY_OFFICER: Purpose.ASSURANCE,
    }
    who = await portal.world.practitioner(case.health, role)
    hacked = identity("A1", "Hacked", "ByAdmin", "1980-01-01")
    hacked["identity"] |= {"upn": "R808200015001", "nhsNumber": NUMBER}
    given = {"about": hacked, "kind": "RELATIVE"}
    await portal.does(who, purpose.get(role, SUPPORT), "connectionDeclare", given, "isDeclared", told=None)
    assert await kept(portal) == before
    assert await portal.world.connection.fetchval("select count(*) from portal.identity_number") == 0


async def test_who_may_not_write_a_need_does_not_learn_who_an_id_is(portal: Portal, case: Case) -> None:
    """The policy is asked first: the same refusal for the right name and a wrong one."""
    await says(portal, case.nurse, named())
    need = {"severity": "ADDITIONAL", "reason": "tired", "fromOn": "2026-03-01"}
    for about in (named()["parts"][0]["about"][0], named(given="Eve", born="2011-01-01")["parts"][0]["about"][0]):
        await portal.refuses(case.nurses_manager, SUPPORT, "needRecord", {"about": about, **need}, "FORBIDDEN")


async def test_an_id_means_the_same_however_it_is_spaced(portal: Portal, case: Case) -> None:
    first = await says(portal, case.nurse, named("Zoë  7"))
    assert (await says(portal, case.nurse, named(" Zoe\u0308 7\t")))["id"] == first["id"]


async def test_an_id_that_looks_like_one_made_here_shows_nobodys_names(portal: Portal, case: Case) -> None:
    """However it is sent: it is the agency's own system that named them, and that said no surname."""
    await says(portal, case.lead, named("X", nhsNumber=NUMBER))
    for number, own_id in enumerate((" portal:abc", "portal:abc", "PORTAL:abc")):
        about = {"identity": {"ownId": own_id, "givenName": "Adam", "dateOfBirth": "2015-05-06", "nhsNumber": NUMBER}}
        assert (await says(portal, case.nurse, talked(about)))["familyName"] is None, number


async def test_an_id_that_looks_like_one_made_here_is_in_nobodys_way(portal: Portal, case: Case) -> None:
    """A colleague reports about the person by id, for whom an identity record is made here."""
    await says(portal, case.nurse, named(f"portal:{case.adam.person_id}", "Eve", born="2012-02-02"))
    await portal.world.position(case.lead, case.nurse, case.home, [case.adam], confirmed_by=case.front_door)
    await portal.world.decision(case.lead, [case.health], [case.adam], confirmed_by=case.front_door)
    await portal.world.report(case.lead, ([case.adam], "STANDARD"))  # type: ignore[arg-type]
    await portal.world.settle()
    done = await portal.does(case.nurse, SUPPORT, SUBMIT, talked({"personId": str(case.adam.person_id)}), WHO)
    assert done["about"][0]["id"] == str(case.adam.person_id)


async def test_two_agencies_that_name_a_new_child_at_one_moment_name_one(portal: Portal, case: Case) -> None:
    for pair in range(20):
        born = f"2016-01-{pair + 1:02}"
        both = (named(f"N{pair}", f"Child{'abcdefghijklmnopqrst'[pair]}", born, nhsNumber=NUMBER) for _ in range(2))
        answers = await asyncio.gather(
            *(portal.send(who, SUPPORT, SUBMIT, one, WHO) for who, one in zip((case.nurse, case.lead), both, strict=True))
        )
        assert [one["userErrors"] for one in answers] == [[], []]
    rows = "select count(distinct person_id), count(*) from portal.identity_record where starts_with(own_id, 'N')"
    assert tuple(await portal.world.connection.fetchrow(rows)) == (20, 40)


async def test_one_child_under_two_ids_of_one_report_is_one(portal: Portal, case: Case) -> None:
    given = named("N1", nhsNumber=NUMBER)
    given["parts"][0]["about"] += named("N2", nhsNumber=NUMBER)["parts"][0]["about"]
    assert len((await portal.does(case.nurse, SUPPORT, SUBMIT, given, WHO))["about"]) == 1


async def test_whoever_is_overtaken_again_and_again_is_told_to_send_it_again(
    portal: Portal, case: Case, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def overtaken(*_: object) -> None:
        raise asyncpg.UniqueViolationError("somebody was first")

    monkeypatch.setattr(acting.Acting, "_once", overtaken)
    await portal.refuses(case.nurse, SUPPORT, SUBMIT, named(), "CONFLICT")


async def test_a_group_without_numbers_may_spell_a_name_anew(portal: Portal, case: Case) -> None:
    group = await portal.world.agency(AgencyKind.VOLUNTARY)
    worker = await portal.world.practitioner(group, Role.VOLUNTARY_WORKER)
    for given in ("Jo", "Joanne"):
        payload = await portal.does(worker, SUPPORT, SUBMIT, talked({"identity": {"ownId": "V1", "givenName": given}}), SHOWS)
        assert payload["id"]

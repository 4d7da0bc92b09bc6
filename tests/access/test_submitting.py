"""What a submitter gets back is the same whether or not its identity record was linked to somebody whom it may not see."""

from datetime import date
from typing import Any

import pytest

from tests.access.surface import NODE, Surface
from tests.world import STANDARD, Someone, World, day
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.purpose import Purpose as P
from throughline.terms.role import Role as R

pytestmark = pytest.mark.anyio

SUBMIT = (
    "mutation($input: SupportReportSubmitInput!) { supportReportSubmit(input: $input) { userErrors { code message field } "
    "supportReport { __typename sensitivity about { givenName familyName dateOfBirth isUnborn "
    "sections { kind state } history { totalCount } enrolments { id } numbers { scheme value } identityRecords { ownId familyName } "
    "families { id } } parts { sensitivity } } } }"
)
PERSON = {"given_name": "Sam", "family_name": "Okafor-Reed", "date_of_birth": date(2012, 4, 5)}


async def submitted(surface: Surface, who: Someone, **identity: Any) -> Any:
    given = {
        "idempotencyKey": identity["ownId"], "kindOfSupport": "TALK", "givenOn": str(day(0)), "delivery": "VISIT",
        "parts": [{"about": [{"identity": identity}], "whatWasDone": "We talked."}],
    }  # fmt: skip
    return (await surface.data(who, P.SUPPORT, SUBMIT, input=given))["supportReportSubmit"]


@pytest.mark.parametrize("kind", [A.HEALTH, A.VOLUNTARY, A.SCHOOL])
async def test_a_link_tells_the_submitter_nothing(world: World, surface: Surface, kind: A) -> None:
    """One number is known elsewhere, with a surname and a team; the other is known to nobody."""
    role = {A.HEALTH: R.HEALTH_PRACTITIONER, A.VOLUNTARY: R.VOLUNTARY_WORKER, A.SCHOOL: R.SAFEGUARDING_LEAD}[kind]
    who = await world.practitioner(await world.agency(kind), role)
    hub = await world.practitioner(await world.agency(A.LOCAL_AUTHORITY), R.FAMILY_PRACTITIONER)
    known = {
        "ownId": "h-1",
        "givenName": "Sam",
        "familyName": "Okafor-Reed",
        "dateOfBirth": "2012-04-05",
        "nhsNumber": "9434765919",
    }
    await submitted(surface, hub, **known)
    said = {"givenName": "Sam", "dateOfBirth": "2012-04-05"}
    linked = await submitted(surface, who, ownId="1", nhsNumber="9434765919", **said)
    alone = await submitted(surface, who, ownId="2", nhsNumber="9434765870", **said)
    assert await world.connection.fetchval("select count(distinct person_id) from portal.identity_record") == 2
    ours = [
        r["person_id"]
        for r in await world.connection.fetch("select person_id from portal.identity_record where own_id in ('1', 'h-1')")
    ]
    assert len(set(ours)) == 1
    for answer in (linked, alone):
        for person in answer["supportReport"]["about"] if answer["supportReport"] else ():
            for record in person["identityRecords"]:
                record["ownId"] = ""
            for number in person["numbers"]:
                number["value"] = ""
    assert linked == alone


SEARCH = "query($input: PersonSearchInput!) { personSearch(input: $input) { totalCount edges { node { givenName familyName } } } }"


async def test_a_search_by_another_agencys_name_tells_the_submitter_nothing(world: World, surface: Surface) -> None:
    """Whom one's own agency names, one finds by that name, and not by what others call them."""
    who = await world.practitioner(await world.agency(A.HEALTH), R.HEALTH_PRACTITIONER)
    hub = await world.practitioner(await world.agency(A.LOCAL_AUTHORITY), R.FAMILY_PRACTITIONER)
    number = {"dateOfBirth": "2012-04-05", "nhsNumber": "9434765919"}
    await submitted(surface, hub, ownId="h-1", givenName="Sam", familyName="Okafor-Reed", **number)
    await submitted(surface, who, ownId="1", givenName="Sam", **number)
    own = await surface.data(who, P.SUPPORT, SEARCH, input={"name": "Sam", "dateOfBirth": "2012-04-05"})
    assert own["personSearch"]["totalCount"] == 1
    others = await surface.data(who, P.SUPPORT, SEARCH, input={"name": "Sam Okafor-Reed"})
    assert others["personSearch"]["totalCount"] == 0


async def test_a_school_reports_about_a_parent_beside_a_childs_sensitive_part(world: World, surface: Surface) -> None:
    """Each part is judged for the people in it: W6 speaks of the parent's part alone, and that is STANDARD."""
    who = await world.practitioner(await world.agency(A.SCHOOL), R.SAFEGUARDING_LEAD)
    mother = {"ownId": "1", "givenName": "Mia", "dateOfBirth": "1988-01-02"}
    child = {"ownId": "2", "givenName": "Sam", "dateOfBirth": "2015-01-02"}
    parts = [
        {"about": [{"identity": mother}], "whatWasDone": "We talked."},
        {"about": [{"identity": child}], "whatWasDone": "We listened.", "sensitivity": "SENSITIVE"},
    ]
    given = {"idempotencyKey": "1", "kindOfSupport": "TALK", "givenOn": str(day(0)), "delivery": "VISIT", "parts": parts}
    done = (await surface.data(who, P.SUPPORT, SUBMIT, input=given))["supportReportSubmit"]
    assert [part["sensitivity"] for part in done["supportReport"]["parts"]] == ["STANDARD", "SENSITIVE"]


async def test_a_birth_date_that_an_agency_corrects_moves_the_wall_with_it(world: World, surface: Surface) -> None:
    """A brother in the other household, taken for a child: from the correction on he is an adult of that household."""
    hub = await world.practitioner(await world.agency(A.LOCAL_AUTHORITY), R.FAMILY_PRACTITIONER)
    police, board = await world.agency(A.POLICE), await world.agency(A.LOCAL_AUTHORITY)
    await world.join("practitioner_role", practitioner_id=hub.id, role="TRIAGE_WORKER")
    home = await world.home(hub)
    brother = await world.person(hub.agency_id, "Al", "Reed", date(2015, 1, 1), own_id="al")
    await world.home(hub, home.family_id, brother)
    await world.assigned(hub, brother.record_id)  # who may put it right
    child = await world.person(hub.agency_id, "Sam")
    await world.position(hub, hub, home, [child], confirmed_by=board)
    await world.contact(police, brother, hub.agency_id)
    report = await world.report(police, ([brother], STANDARD))
    await world.settle()
    triage = Someone(hub.id, hub.agency_id, R.TRIAGE_WORKER, hub.client_id)
    assert (await surface.data(triage, P.TRIAGE, NODE, id=str(report)))["node"]
    assert (await submitted(surface, hub, ownId="al", givenName="Al", dateOfBirth="1985-01-01"))["userErrors"] == []
    assert (await surface.data(triage, P.TRIAGE, NODE, id=str(report)))["node"] is None

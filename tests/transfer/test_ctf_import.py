"""A child moves from one school to the next by a Common Transfer File; nobody else's name comes into the portal with them."""

import time
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tests.transfer.schools import ASH, BORN, ELM, OAK, YESTERDAY, Town, ctf, pupil, upn
from tests.world import TODAY, day
from throughline.audit.trail import seen_rows
from throughline.db.refusal import Refused
from throughline.reading.tree import Field
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.holder import SCHOOL_ON_ROLL
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role
from throughline.transfer import ctf_import
from throughline.transfer.ctf import CtfProgress
from throughline.transfer.ctf_error import CtfError

pytestmark = pytest.mark.anyio

_REPORT = Field("node", "node", {}, {"SupportReport": (Field("id", "id"),)})
_HISTORY = Field(
    "history", "history", {"first": lambda _: 50},
    {"RecordConnection": (Field("edges", "edges", {}, {"RecordEdge": (Field("node", "node", {}, _REPORT.children),)}),)},
)  # fmt: skip
PERSON = Field("person", "person", {"id": lambda v: v["id"]}, {"Person": (Field("id", "id"), _HISTORY)})


async def history(town: Town, who: Any, person_id: UUID) -> set[str] | None:
    """The support reports that this viewer finds in a child's history; None where the child does not exist for them."""
    found = await town.portal.ask(who, Purpose.SUPPORT, PERSON, id=person_id)
    return found and {edge["node"]["id"] for edge in found["history"]["edges"] if edge["node"].get("id")}


async def shared_child(town: Town) -> tuple[UUID, UUID, UUID]:
    """(person, the primary's report, the nurse's): on Oak's roll, with a sharing decision for the school on roll."""
    own = await town.reported(town.old_lead)
    nurses = await town.reported(town.nurse)
    child = await town.child_of(own)
    assert (await town.child_of(nurses)).person_id == child.person_id
    await town.world.decision(town.nurse, [SCHOOL_ON_ROLL], [child], confirmed_by=town.council)
    await town.at_oak(child)
    return child.person_id, own, nurses


async def test_the_history_follows_the_child_and_the_old_school_keeps_its_own(town: Town) -> None:
    person_id, own, nurses = await shared_child(town)
    assert await history(town, town.old_lead, person_id) == {str(own), str(nurses)}
    assert await history(town, town.new_lead, person_id) is None
    report = await town.imports(ctf(pupil()))
    assert (report.tally.enrolments_ended, report.tally.enrolments_confirmed) == (1, 1)
    assert await town.enrolments(town.oak) == [("CONFIRMED", day(-900), YESTERDAY)]
    assert await town.enrolments(town.elm) == [("CONFIRMED", TODAY, None)]
    later = await town.reported(town.nurse, said="After the move.")
    assert await history(town, town.new_lead, person_id) == {str(own), str(nurses), str(later)}
    assert await history(town, town.old_lead, person_id) == {str(own)}


async def test_what_the_file_says_of_a_known_child_is_kept(town: Town) -> None:
    person_id, _, _ = await shared_child(town)
    report = await town.imports(ctf(pupil(surname="Newname", uln="9276308686", postcode="BS2 4TB")))
    assert (report.tally.known, report.tally.updated, report.tally.kept_as_hashes) == (1, 1, 0)
    own = [row for row in await town.rows("identity_record", agency_id=town.oak) if row["person_id"] == person_id]
    assert [(row["family_name"], row["version"]) for row in own] == [("Newname", 2)]
    numbers = {(row["scheme"], row["value"]) for row in await town.rows("identity_number", agency_id=town.oak)}
    assert numbers == {("UPN", upn(1)), ("ULN", "9276308686"), ("POSTCODE", "BS2 4TB")}
    (address,), (attendance,) = await town.rows("address"), await town.rows("attendance")
    assert (address["lines"], address["postcode"], address["from_on"]) == ("12 Example Road, Exampleton", "BS2 4TB", YESTERDAY)
    assert (attendance["academic_year"], attendance["sessions_attended"], attendance["school_id"]) == (2025, 180, town.oak)


async def test_a_file_brought_by_the_receiver_only_proposes(town: Town) -> None:
    person_id, own, _ = await shared_child(town)
    report = await town.imports(ctf(pupil()), town.receiver)
    assert (report.tally.enrolments_confirmed, report.tally.enrolments_ended) == (0, 0)
    assert await town.enrolments(town.elm) == [("PROPOSED", TODAY, None)]
    assert [row[0] for row in await town.enrolments(town.oak)] == ["CONFIRMED"]
    assert await history(town, town.new_lead, person_id) is None
    assert str(own) in (await history(town, town.old_lead, person_id) or ())
    assert await town.rows("opening", holder_id=town.elm) == []


async def test_the_senders_file_says_yes_to_what_the_receiver_proposed(town: Town) -> None:
    person_id, _, _ = await shared_child(town)
    await town.imports(ctf(pupil()), town.receiver)
    report = await town.imports(ctf(pupil()))
    assert report.tally.enrolments_confirmed == 1
    assert await town.enrolments(town.elm) == [("CONFIRMED", TODAY, None)]
    (made,) = await town.rows("enrolment", school_id=town.elm)
    assert (made["agency_id"], made["confirmed_by_agency_id"]) == (town.elm, town.oak)
    assert await history(town, town.new_lead, person_id)


async def test_a_start_before_the_leaving_date_is_not_confirmed(town: Town) -> None:
    own = await town.reported(town.teacher)
    child = await town.child_of(own)
    await town.at_oak(child)
    await town.world.enrolled(town.elm, child, town.elm, -60)
    report = await town.imports(ctf(pupil()))
    assert report.tally.warnings["ENROLMENTS_OVERLAP"] == 1
    assert [row[0] for row in await town.enrolments(town.elm)] == ["PROPOSED"]


async def test_a_school_that_never_had_the_child_on_roll_confirms_nothing(town: Town) -> None:
    await town.reported(town.teacher)
    report = await town.imports(ctf(pupil()))
    assert (report.tally.enrolments_confirmed, report.tally.enrolments_proposed) == (0, 2)
    assert [row[0] for row in await town.enrolments(town.elm)] == ["PROPOSED"]


@pytest.mark.parametrize(("left", "is_confirmed"), [(-364, True), (-367, False)])
async def test_a_file_still_speaks_for_a_child_who_left_within_the_year(town: Town, left: int, is_confirmed: bool) -> None:
    child = await town.child_of(await town.reported(town.teacher))
    await town.at_oak(child, last=left)
    report = await town.imports(ctf(pupil(left_on=day(left).isoformat())))
    assert report.tally.enrolments_confirmed == int(is_confirmed)


async def test_the_same_file_twice_changes_nothing(town: Town) -> None:
    await shared_child(town)
    file = ctf(pupil(), pupil(2, "Omar"), pupil(3, "Una", upn=None))
    first = await town.imports(file)
    held = await town.everything()
    second = await town.imports(file)
    assert await town.everything() == held
    assert (first.tally.enrolments_proposed, second.tally.enrolments_proposed) == (4, 0)
    assert (second.tally.enrolments_confirmed, second.tally.enrolments_ended, second.tally.attendance_years) == (0, 0, 0)


async def test_the_same_key_gives_the_same_report_and_does_nothing(town: Town) -> None:
    await shared_child(town)
    first = await town.imports(ctf(pupil(), pupil(2, "Omar", born="20140909")), key="once")
    assert first.tally.left_out
    assert await town.imports(ctf(pupil(), pupil(2, "Omar", born="20140909")), key="once") == first
    with pytest.raises(Refused) as refused:
        await town.imports(ctf(pupil()), key="once")
    assert refused.value.code == "IDEMPOTENCY_CONFLICT"


async def test_of_a_pupil_whom_nobody_knows_no_name_number_or_birth_date_stays(town: Town) -> None:
    nobody = pupil(7, "Zebedee", "Wrenfield", street="7 Heronsgate", postcode="ZE7 9QQ", uln="9276308686")
    report = await town.imports(ctf(nobody))
    assert (report.tally.known, report.tally.kept_as_hashes) == (0, 1)
    words = ("Wrenfield", "Zebedee", "Heronsgate", "ZE7 9QQ", "9276308686", upn(7), BORN.isoformat())
    assert {word: await town.says_anywhere(word) for word in words} == {word: [] for word in words}
    assert len(await town.rows("enrolment")) == 2
    assert await town.rows("address") == await town.rows("attendance") == []


async def test_the_search_for_names_does_find_them_where_they_are(town: Town) -> None:
    await town.reported(town.teacher)
    assert await town.says_anywhere("quillfeather") == ["portal.identity_record"]
    assert await town.says_anywhere(upn(1)) == ["portal.identity_number"]


async def test_a_later_report_links_to_a_pupil_of_whom_only_hashes_were_kept(town: Town) -> None:
    await town.imports(ctf(pupil(7, "Zebedee")))
    (kept,) = await town.rows("identity_record")
    child = await town.child_of(await town.reported(town.nurse, 7, "Zebedee"))
    assert child.person_id == kept["person_id"]


async def test_a_file_links_to_a_child_of_whom_an_agency_reported_before(town: Town) -> None:
    child = await town.child_of(await town.reported(town.nurse, 7, "Zebedee"))
    await town.imports(ctf(pupil(7, "Zebedee")))
    (kept,) = await town.rows("identity_record", agency_id=town.oak)
    assert kept["person_id"] == child.person_id


async def test_the_school_cannot_tell_from_it_whom_another_agency_supports(town: Town) -> None:
    await town.reported(town.nurse, 7, "Zebedee")
    report = await town.imports(ctf(pupil(7, "Zebedee"), pupil(8, "Nobody")))
    assert (report.tally.known, report.tally.kept_as_hashes) == (0, 2)
    kept = await town.rows("identity_record", agency_id=town.oak)
    assert {(row["given_name"], row["date_of_birth"], row["version"]) for row in kept} == {(None, None, 1)}


async def test_a_number_alone_links_nobody(town: Town) -> None:
    await town.imports(ctf(pupil(7, "Zebedee")))
    (kept,) = await town.rows("identity_record")
    other_name = await town.child_of(await town.reported(town.nurse, 7, "Ignatius"))
    other_day = await town.child_of(await town.reported(town.nurse, 7, "Zebedee", own_id="x", date_of_birth=date(2013, 1, 1)))
    assert kept["person_id"] not in {other_name.person_id, other_day.person_id}


async def test_a_pupil_who_comes_to_need_help_gets_a_name_with_the_next_file(town: Town) -> None:
    await town.imports(ctf(pupil(7, "Zebedee")))
    child = await town.child_of(await town.reported(town.teacher, 7, "Zebedee", "Wrenfield"))
    report = await town.imports(ctf(pupil(7, "Zebedee", "Wrenfield")))
    assert (report.tally.known, report.tally.attendance_years) == (1, 1)
    assert {row["person_id"] for row in await town.rows("identity_record")} == {child.person_id}
    assert len(await town.rows("enrolment")) == 2


async def test_twins_with_the_same_surname_and_birth_date_are_kept_apart(town: Town) -> None:
    twins = [pupil(1, "Hafsa"), pupil(2, "Zainab")]
    known = [await town.child_of(await town.reported(town.teacher, n, name)) for n, name in ((1, "Hafsa"), (2, "Zainab"))]
    for child in known:
        await town.at_oak(child)
    await town.imports(ctf(*twins))
    placed = await town.rows("enrolment", school_id=town.elm)
    assert len(placed) == 2
    assert {row["identity_record_id"] for row in placed} == {child.record_id for child in known}


async def test_twins_of_whom_one_came_with_the_others_number_are_not_made_one(town: Town) -> None:
    await town.imports(ctf(pupil(1, "Hafsa")))
    held = await town.everything()
    report = await town.imports(ctf(pupil(1, "Zainab", born="2014-09-10")))
    assert [one.ordinal for one in report.tally.left_out] == [1]
    assert await town.everything() == held


async def test_a_temporary_number_identifies_nobody(town: Town) -> None:
    temporary = "C80820001500A"
    known = await town.child_of(await town.reported(town.nurse, 1, "Hafsa", upn=temporary))
    await town.imports(ctf(pupil(1, "Hafsa", upn=temporary)))
    (kept,) = await town.rows("identity_record", agency_id=town.oak)
    assert kept["person_id"] != known.person_id
    assert not any(row["value"] == temporary for row in await town.rows("identity_number", agency_id=town.oak))


async def test_a_bad_pupil_is_left_out_with_the_reason_and_the_others_go_on(town: Town) -> None:
    report = await town.imports(ctf(pupil(1), pupil(2, "Omar", born="09/09/2014"), pupil(3, "Una")))
    assert [(one.ordinal, one.reasons[0].code) for one in report.tally.left_out] == [(2, "BIRTH_DATE_UNREADABLE")]
    assert (report.pupils, report.tally.kept_as_hashes) == (3, 2)
    (file,) = await town.rows("imported_file")
    assert file["content"] is not None  # until somebody has looked into it, or 30 days have passed
    await town.imports(ctf(pupil(1)))
    clean = [row for row in await town.rows("imported_file") if row["id"] != file["id"]]
    assert [row["content"] for row in clean] == [None]


async def test_a_pupil_behind_a_wall_is_like_one_whom_nobody_knows(town: Town) -> None:
    """What the file says of them is set apart: the child's own records stay as they were, and the report tells nothing."""
    child = await town.child_of(await town.reported(town.teacher))
    await town.world.connected(town.sender, child.record_id)
    await town.at_oak(child)
    walled, unknown = ctf(pupil(1)), ctf(pupil(7, "Una"))
    for _ in range(2):
        assert (await town.imports(walled)).tally == (await town.imports(unknown)).tally
    assert [row[2] for row in await town.enrolments(town.oak) if row[0] == "CONFIRMED"] == [None]
    apart = await town.rows("identity_record", set_apart_for=town.sender.id)
    assert [row["person_id"] == child.person_id for row in apart] == [False]
    assert not await town.rows("enrolment", school_id=town.elm, identity_record_id=child.record_id)
    report = await town.imports(ctf(pupil(1)), town.old_lead)
    assert (report.tally.known, report.tally.enrolments_confirmed) == (1, 1)


async def test_an_import_that_was_killed_is_run_again_and_completes(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctf_import, "BATCH", 2)
    await shared_child(town)
    file = ctf(pupil(), *(pupil(n, f"Child {n}") for n in range(2, 7)))

    def kill(seen: CtfProgress) -> None:
        if seen.stage == "importing" and seen.done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await town.imports(file, on_progress=kill)
    assert len(await town.rows("enrolment", school_id=town.elm)) == 4
    report = await town.imports(file)
    assert (report.tally.enrolments_proposed, report.tally.left_out) == (4, [])
    assert len(await town.rows("enrolment", school_id=town.elm)) == 6
    assert {row["content"] for row in await town.rows("imported_file")} == {None}


async def test_progress_is_told_while_it_runs(town: Town) -> None:
    seen: list[CtfProgress] = []
    await town.imports(ctf(*(pupil(n, f"Child {n}") for n in range(1, 61))), on_progress=seen.append)
    assert {one.stage for one in seen} == {"checking", "importing"}
    assert [(one.done, one.total) for one in seen if one.stage == "importing"] == [(50, 60), (60, 60)]


async def test_a_file_between_two_other_schools_is_refused(town: Town) -> None:
    held = await town.everything()
    for source, to in ((ASH, ELM), (ASH, "XXXXXXX")):
        with pytest.raises(Refused):
            await town.imports(ctf(pupil(), source=source, to=to))
    assert await town.everything() == held
    assert await town.rows("imported_file") == []


async def test_another_schools_file_about_our_pupil_ends_and_confirms_nothing(town: Town) -> None:
    """Ash, where the child never was, says that they left Oak for Ash."""
    await shared_child(town)
    ash = await town.world.agency(AgencyKind.SCHOOL, laestab=ASH)
    stranger = await town.world.practitioner(ash, Role.INCLUSION_LEAD)
    await town.imports(ctf(pupil(), source=OAK, to=ASH), stranger)
    await town.imports(ctf(pupil(), source=ASH, to=ELM), stranger)
    assert [row[2] for row in await town.enrolments(town.oak) if row[0] == "CONFIRMED"] == [None]
    assert {row[0] for school in (ash, town.elm) for row in await town.enrolments(school)} == {"PROPOSED"}
    assert await town.rows("opening", holder_id=ash) == []


@pytest.mark.parametrize("role", [Role.SCHOOL_STAFF, Role.AGENCY_ADMINISTRATOR, Role.HEALTH_PRACTITIONER])
async def test_other_roles_bring_in_no_file(town: Town, role: Role) -> None:
    someone = await town.world.practitioner(town.oak, role)
    with pytest.raises(Refused):
        await town.imports(ctf(pupil()), someone)
    entry = await town.portal.last_entry(someone)
    assert (entry["verb"], entry["outcome"]) == ("ctfImport", "FORBIDDEN")
    assert await town.rows("identity_record") == []


async def test_nor_does_anybody_for_another_purpose(town: Town) -> None:
    with pytest.raises(Refused):
        await town.imports(ctf(pupil()), town.old_lead, Purpose.SUPPORT)
    assert await town.rows("identity_record") == []


async def test_the_councils_coordinator_proposes(town: Town) -> None:
    coordinator = await town.world.practitioner(town.council, Role.TRANSITION_COORDINATOR)
    report = await town.imports(ctf(pupil()), coordinator)
    assert (report.tally.enrolments_proposed, report.tally.enrolments_confirmed) == (1, 0)


@pytest.mark.parametrize("spoilt", [b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b""])
async def test_a_hostile_or_broken_file_writes_nothing(town: Town, spoilt: bytes) -> None:
    file = ctf(pupil())
    with pytest.raises(CtfError):
        await town.imports(file.replace(b"<CTfile>", spoilt + b"<CTfile>") if spoilt else file[:-20])
    assert await town.rows("identity_record") == await town.rows("imported_file") == []


async def test_schools_before_are_proposed_and_schools_outside_counted(town: Town) -> None:
    ash = await town.world.agency(AgencyKind.SCHOOL, laestab=ASH)
    await town.reported(town.teacher)
    before = (
        "<SchoolHistory><School><LEA>801</LEA><Estab>2003</Estab><EntryDate>2018-09-03</EntryDate>"
        "<LeavingDate>2019-07-20</LeavingDate></School><School><SchoolName>Lycée</SchoolName>"
        "<EntryDate>2017-09-03</EntryDate><LeavingDate>2018-07-20</LeavingDate></School></SchoolHistory>"
    )
    report = await town.imports(ctf(replace(pupil(), extra=before)))
    assert report.tally.schools_outside == 1
    assert await town.enrolments(ash) == [("PROPOSED", date(2018, 9, 3), date(2019, 7, 20))]


async def test_a_former_school_says_nothing_of_a_child_whom_a_third_school_has(town: Town) -> None:
    """Oak has left the child to Elm, where they are; its file cannot put them on Ash's roll by itself."""
    ash = await town.world.agency(AgencyKind.SCHOOL, laestab=ASH)
    child = await town.child_of(await town.reported(town.teacher))
    await town.at_oak(child, last=-60)
    at_elm = await town.world.enrolled(town.council, child, town.elm, -50, confirmed_by=town.oak)
    file = ctf(pupil(left_on=day(-60).isoformat()), to=ASH)
    assert (await town.imports(file)).tally.enrolments_confirmed == 0
    assert {row[0] for row in await town.enrolments(ash)} == {"PROPOSED"}
    await town.world.change("enrolment", at_elm, state="PROPOSED", confirmed_by_agency_id=None, confirmed_at=None)
    assert (await town.imports(file)).tally.enrolments_confirmed == 1


async def test_a_file_is_no_question_about_what_others_keep(town: Town) -> None:
    """The same report, whether or not another agency keeps a refuge's address, the same attendance, or the schools before."""
    ash = await town.world.agency(AgencyKind.SCHOOL, laestab=ASH)
    before = (
        "<SchoolHistory><School><LEA>801</LEA><Estab>2003</Estab><EntryDate>2018-09-03</EntryDate>"
        "<LeavingDate>2019-07-20</LeavingDate></School></SchoolHistory>"
    )
    known, other = replace(pupil(1), extra=before), replace(pupil(2, "Omar"), extra=before)
    child = await town.child_of(await town.reported(town.teacher))
    await town.reported(town.teacher, 2, "Omar")
    await town.world.about("address", town.nurse, child, is_confidential=True)
    await town.world.enrolled(town.council, child, ash, -2000, -1500, confirmed_by=town.oak)
    await town.world.enrolled(town.council, child, town.elm, 0, confirmed_by=town.nurse.agency_id)
    about_other = await town.imports(ctf(other))
    (omars,) = await town.rows("attendance")
    said = (
        "school_id",
        "school_name",
        "academic_year",
        "counted_on",
        *(name for name in dict(omars) if name.startswith("sessions_")),
    )
    await town.world.about("attendance", town.nurse, child, **{name: omars[name] for name in said})
    about_known = await town.imports(ctf(known))
    assert about_known.tally.attendance_years == 1
    assert about_known.tally == about_other.tally


async def test_beside_a_confidential_address_no_other_shows(town: Town) -> None:
    child = await town.child_of(await town.reported(town.teacher))
    home = await town.world.home(town.council, None, child)
    worker = await town.world.practitioner(town.council, Role.FAMILY_PRACTITIONER)
    await town.world.position(town.nurse, worker, home, [child], confirmed_by=town.council)
    await town.imports(ctf(pupil()))
    await town.world.settle()
    (written,) = await town.rows("address")
    asked = Field("node", "node", {"id": lambda v: v["id"]}, {"Address": (Field("id", "id"),)})
    assert await town.portal.ask(worker, Purpose.SUPPORT, asked, id=written["id"])
    await town.world.about("address", town.nurse, child, is_confidential=True)
    assert await town.portal.ask(worker, Purpose.SUPPORT, asked, id=written["id"]) is None


async def test_every_record_written_is_in_the_trail_with_its_sentence(town: Town) -> None:
    await shared_child(town)
    await town.imports(ctf(pupil()))
    entries = await town.world.connection.fetch("select seen from audit.entry where verb = 'ctfImport' and seen <> ''")
    seen = [row for entry in entries for row in seen_rows(entry["seen"])]
    written = {row["id"] for table in ("enrolment", "attendance", "address") for row in await town.rows(table)}
    renewed = {row["id"] for row in await town.rows("identity_record") if row["version"] > 1}
    assert renewed
    assert {row_id for row_id, _ in seen} == written | renewed
    assert {sentence for row_id, sentence in seen if row_id in written} == {13, 64}
    assert {sentence for row_id, sentence in seen if row_id in renewed} == {
        0
    }  # the file's own sentence lets names in with the rest


async def test_only_the_agency_that_brought_a_file_meets_it(town: Town) -> None:
    await town.imports(ctf(pupil(), pupil(2, "Omar", born="")))
    async with town.portal._gate.transaction() as connection:
        assert await connection.fetch("select * from portal.imported_file") == []
        await connection.execute("select set_config('app.agency', $1, true)", str(town.elm))
        assert await connection.fetch("select * from portal.imported_file") == []
        await connection.execute("select set_config('app.agency', $1, true)", str(town.oak))
        assert len(await connection.fetch("select * from portal.imported_file")) == 1


async def test_a_destination_outside_the_portal_ends_the_old_roll_all_the_same(town: Town) -> None:
    await shared_child(town)
    report = await town.imports(ctf(pupil(), to="MMMMMMM"))
    assert (report.destination, report.tally.enrolments_ended, report.tally.enrolments_confirmed) == ("OUTSIDE", 1, 0)


async def test_three_hundred_pupils_take_less_than_three_seconds(town: Town) -> None:
    """A sixth of them known and moving on."""
    names = {serial: f"Child {'abcdefghij'[serial % 10]}{'klmnopqrst'[serial // 10 % 10]}" for serial in range(1, 301)}
    for serial in range(1, 51):
        child = await town.child_of(await town.reported(town.teacher, serial, names[serial]))
        await town.world.enrolled(town.oak, child, town.oak, -900, confirmed_by=town.council)
    await town.world.settle()
    file = ctf(*(pupil(serial, name) for serial, name in names.items()))
    began = time.perf_counter()
    report = await town.imports(file)
    assert (report.tally.enrolments_confirmed, report.tally.kept_as_hashes) == (50, 250)
    assert time.perf_counter() - began < 3

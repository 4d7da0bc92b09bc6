"""A group without a system of its own sends a list: each line counts by itself, and once."""

import csv
import io

import pytest

from tests.transfer.schools import BORN, Town, ctf, pupil, upn
from tests.world import TODAY, Someone
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role
from throughline.transfer.report_csv import CsvError, template
from throughline.transfer.report_import import ReportImporter, ReportsImported, vocabulary_of

pytestmark = pytest.mark.anyio

ORDINARY = {
    "given_name": "Sara", "family_name": "Quillfeather", "date_of_birth": BORN.isoformat(), "date": TODAY.isoformat(),
    "kind_of_support": "talk", "delivery": "group", "what_was_done": "Listened.",
}  # fmt: skip


def lines(*rows: dict[str, str]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, sorted({column for row in rows for column in row}))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def line(**cells: str) -> dict[str, str]:
    return {**ORDINARY, **cells}


@pytest.fixture
async def youth(town: Town) -> Someone:
    return await town.world.practitioner(await town.world.agency(AgencyKind.VOLUNTARY), Role.VOLUNTARY_WORKER)


async def bring(town: Town, who: Someone, data: bytes) -> ReportsImported:
    portal, viewer = town.portal, who.asks(Purpose.SUPPORT)
    importer = ReportImporter(portal.acting, portal.reader, viewer, who.agency_id, "test")
    return await importer.bring(io.BytesIO(data), await vocabulary_of(portal._gate), today=TODAY)


async def test_every_line_becomes_a_report_of_the_one_who_sent_it(town: Town, youth: Someone) -> None:
    outcome = await bring(town, youth, lines(line(), line(given_name="Omar"), line(what_was_done="Again.")))
    assert (outcome.submitted, outcome.there, outcome.errors) == (3, 0, [])
    reports = await town.rows("support_report")
    assert {(row["agency_id"], row["practitioner_id"], row["given_on"]) for row in reports} == {(youth.agency_id, youth.id, TODAY)}
    assert len(await town.rows("identity_record")) == 2


async def test_the_same_list_twice_changes_nothing(town: Town, youth: Someone) -> None:
    data = lines(line(), line(), line(line_key="7", what_was_done="Other."))
    first = await bring(town, youth, data)
    held = await town.everything(), await town.rows("support_report")
    second = await bring(town, youth, data)
    assert (first.submitted, second.submitted, second.there) == (3, 0, 3)
    assert (await town.everything(), await town.rows("support_report")) == held


async def test_a_list_that_grows_all_year_counts_each_line_once_though_keys_are_forgotten(town: Town, youth: Someone) -> None:
    await bring(town, youth, lines(line()))
    await town.world.connection.execute("delete from portal.idempotency_key")
    outcome = await bring(town, youth, lines(line(), line(given_name="Omar")))
    assert (outcome.submitted, outcome.there) == (1, 1)
    assert len(await town.rows("support_report")) == 2


async def test_two_groups_may_use_the_same_line_numbers(town: Town, youth: Someone) -> None:
    other = await town.world.practitioner(await town.world.agency(AgencyKind.VOLUNTARY), Role.VOLUNTARY_WORKER)
    for who in (youth, other):
        assert (await bring(town, who, lines(line(line_key="1")))).submitted == 1


async def test_a_line_that_is_wrong_is_told_with_its_column_and_the_others_go_on(town: Town, youth: Someone) -> None:
    data = lines(line(date="12/13/2026"), line(kind_of_support="dancing"), line(delivery=""), line(what_was_done=""), line())
    outcome = await bring(town, youth, data)
    assert [(error.line, error.column) for error in outcome.errors] == [
        (2, "date"), (3, "kind_of_support"), (4, "delivery"), (5, "what_was_done"),
    ]  # fmt: skip
    assert (outcome.submitted, outcome.left_out) == (1, 4)
    assert all("dancing" not in error.message for error in outcome.errors)


async def test_what_an_act_refuses_is_told_by_line_too(town: Town, youth: Someone) -> None:
    light = {name: ORDINARY[name] for name in ("date", "delivery")} | {"people_reached": "7", "light_touch": "yes"}
    light["kind_of_support"] = "therapy"
    outcome = await bring(town, youth, lines(light, {**light, "kind_of_support": "talk"}))
    assert [(error.line, error.column, error.code) for error in outcome.errors] == [(2, "kind_of_support", "BAD_USER_INPUT")]
    (report,) = await town.rows("support_report")
    assert (report["is_light_touch"], report["people_reached"]) == (True, 7)


async def test_a_line_whose_words_changed_under_its_own_key_is_told(town: Town, youth: Someone) -> None:
    await bring(town, youth, lines(line(line_key="7")))
    outcome = await bring(town, youth, lines(line(line_key="7", what_was_done="Something else.")))
    assert [(error.column, error.code) for error in outcome.errors] == [("line_key", "LINE_CHANGED")]


async def test_without_a_birth_date_two_lines_with_one_name_are_two_people(town: Town, youth: Someone) -> None:
    await bring(town, youth, lines(line(date_of_birth=""), line(date_of_birth="", what_was_done="Again.")))
    assert len({row["person_id"] for row in await town.rows("identity_record")}) == 2


async def test_a_number_links_to_a_pupil_of_whom_a_school_left_only_hashes(town: Town, youth: Someone) -> None:
    await town.imports(ctf(pupil()))
    await bring(town, youth, lines(line(upn=upn(1))))
    assert len({row["person_id"] for row in await town.rows("identity_record")}) == 1


async def test_a_role_that_writes_no_reports_is_refused_line_by_line_and_nothing_stays(town: Town) -> None:
    steward = await town.world.practitioner(town.council, Role.IDENTITY_STEWARD)
    outcome = await bring(town, steward, lines(line()))
    assert [error.code for error in outcome.errors] == ["FORBIDDEN"]
    assert await town.rows("identity_record") == await town.rows("support_report") == []


async def test_a_list_with_an_unknown_column_is_refused_as_a_whole(town: Town, youth: Someone) -> None:
    with pytest.raises(CsvError):
        await bring(town, youth, lines(line(mood="sunny")))
    assert await town.rows("support_report") == []


async def test_each_line_is_in_the_trail(town: Town, youth: Someone) -> None:
    await bring(town, youth, lines(line()))
    entry = await town.portal.last_entry(youth)
    assert (entry["verb"], entry["operation"], entry["outcome"]) == ("supportReportSubmit", "test", "WRITTEN")


async def test_the_template_can_be_filled_in_and_sent(town: Town, youth: Someone) -> None:
    empty = template(await vocabulary_of(town.portal._gate))
    filled = f"{empty}17,Zoë,Example,09/03/2015,,,BS2 4TB,02/03/2026,TALK,GROUP,,1,Talked.,,no,\r\n"
    assert (await bring(town, youth, filled.encode())).submitted == 1

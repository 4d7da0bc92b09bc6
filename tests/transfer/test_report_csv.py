"""A list of support reports, as a group without a front-end keeps it in a spreadsheet."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from throughline.transfer.report_csv import HELP, CsvError, error_report, read_reports, template
from throughline.transfer.report_csv_row import ReportRow, RowError, Vocabulary

TODAY = date(2026, 9, 3)
WORDS = Vocabulary(
    kinds=frozenset({"FAMILY_SUPPORT", "YOUTH_WORK"}),
    deliveries=frozenset({"ONE_TO_ONE", "GROUP"}),
    need_levels=frozenset({"UNIVERSAL", "ADDITIONAL"}),
)
COLUMNS = "own_id,given_name,family_name,date_of_birth,upn,date,kind_of_support,delivery,light_touch,people_reached"
LINE = "17,Zoë,O'Brien-Smith,09/03/2015,B801200005001,02/09/2026,Youth work,one-to-one,no,1"
LIGHT = ",,,,,2026-09-01,YOUTH_WORK,GROUP,yes,12"


def read(text: str | bytes, **options: Any) -> list[ReportRow | RowError]:
    data = text if isinstance(text, bytes) else text.encode()
    words: Vocabulary = options.pop("vocabulary", WORDS)
    return list(read_reports(io.BytesIO(data), vocabulary=words, today=TODAY, **options))


def table(*lines: str, columns: str = COLUMNS) -> str:
    return "\r\n".join([columns, *lines]) + "\r\n"


def rows(text: str | bytes) -> list[ReportRow]:
    outcomes = read(text)
    assert all(isinstance(outcome, ReportRow) for outcome in outcomes), outcomes
    return [outcome for outcome in outcomes if isinstance(outcome, ReportRow)]


def errors(text: str | bytes, **options: Any) -> list[tuple[int, str | None, str]]:
    return [(o.line, o.column, o.code) for o in read(text, **options) if isinstance(o, RowError)]


def test_a_line_becomes_a_report() -> None:
    (row,) = rows(table(LINE))
    assert (row.line, row.own_id, row.given_name, row.family_name) == (2, "17", "Zoë", "O'Brien-Smith")
    assert (row.date_of_birth, row.date, row.upn) == (date(2015, 3, 9), date(2026, 9, 2), "B801200005001")
    assert (row.kind_of_support, row.delivery, row.people_reached) == ("YOUTH_WORK", "ONE_TO_ONE", 1)
    assert not row.light_touch


def test_a_light_touch_line_names_nobody() -> None:
    (row,) = rows(table(LIGHT))
    assert row.light_touch
    assert (row.own_id, row.given_name, row.people_reached) == (None, None, 12)


def test_a_light_touch_line_with_a_name_or_text_is_refused() -> None:
    line = "17,Zoë,,,,2026-09-01,YOUTH_WORK,GROUP,yes,12"
    assert errors(table(line)) == [(2, "own_id", "LIGHT_TOUCH_ONLY"), (2, "given_name", "LIGHT_TOUCH_ONLY")]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("cp1252"),
        lambda text: text.replace(",", ";").encode(),
        lambda text: text.replace(",", "\t").encode(),
        lambda text: text.replace("\r\n", "\n").encode(),
        lambda text: text.replace("\r\n", "\r\n\r\n,,,\r\n").encode(),
        lambda text: b"\r\n" + text.encode(),
        lambda text: text.replace("own_id,given_name", "Own ID, Given-Name ").encode(),
    ],
    ids=["mark", "utf-16", "windows", "semicolons", "tabs", "unix", "empty lines", "empty start", "headings"],
)
def test_what_spreadsheets_do_to_a_file_does_no_harm(spoil: Any) -> None:
    (row,) = rows(spoil(table(LINE)))
    assert (row.given_name, row.date) == ("Zoë", date(2026, 9, 2))


@pytest.mark.parametrize("text", ["2026-09-02", "02/09/2026", "2/9/2026", "02.09.2026", "2026-09-02 00:00:00"])
def test_a_date_is_read_as_spreadsheets_write_it(text: str) -> None:
    assert rows(table(LINE.replace("02/09/2026", text)))[0].date == date(2026, 9, 2)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("02/09/26", "DATE_UNREADABLE"),
        ("03/25/2026", "DATE_UNREADABLE"),
        ("46267", "DATE_UNREADABLE"),
        ("30/02/2026", "DATE_UNREADABLE"),
        ("04/09/2026", "DATE_IMPLAUSIBLE"),
        ("02/09/1026", "DATE_IMPLAUSIBLE"),
        ("", "CELL_MISSING"),
    ],
)
def test_a_doubtful_date_is_refused_and_never_guessed(text: str, code: str) -> None:
    assert errors(table(LINE.replace("02/09/2026", text))) == [(2, "date", code)]


def test_every_wrong_cell_of_a_line_is_told_at_once_and_the_other_lines_go_on() -> None:
    bad = "17,Zoë,Khan,9 March,A801200005001,02/09/2026,Dog walking,by post,maybe,many"
    outcomes = read(table(bad, LINE))
    told = {(o.column, o.code) for o in outcomes if isinstance(o, RowError)}
    assert told == {
        ("date_of_birth", "DATE_UNREADABLE"),
        ("upn", "UPN_CHECK_LETTER"),
        ("kind_of_support", "CODE_UNKNOWN"),
        ("delivery", "CODE_UNKNOWN"),
        ("light_touch", "ANSWER_UNREADABLE"),
        ("people_reached", "COUNT_UNREADABLE"),
    }
    assert isinstance(outcomes[-1], ReportRow)


def test_an_unknown_code_is_answered_with_the_known_ones() -> None:
    (error,) = read(table(LINE.replace("Youth work", "Dog walking")))
    assert isinstance(error, RowError)
    assert error.message == "Use one of: FAMILY_SUPPORT, YOUTH_WORK."


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (",,,,,02/09/2026,Youth work,,no,", (2, "own_id", "IDENTITY_MISSING")),
        (LINE + ",too,much", (2, None, "ROW_TOO_LONG")),
        (LINE.replace("Zoë", "Z\0e"), (2, "given_name", "TEXT_UNPRINTABLE")),
        (LINE.replace("Zoë", "Z" * 201), (2, "given_name", "TEXT_TOO_LONG")),
        (LINE.replace("Zoë", '"' + "Z" * 140_000 + '"'), (2, None, "ROW_UNREADABLE")),
    ],
)
def test_a_line_that_cannot_stand_is_told_why(line: str, told: tuple[int, str | None, str]) -> None:
    assert errors(table(line))[:1] == [told]


def test_a_person_with_one_name_or_only_the_groups_own_number_is_enough() -> None:
    first, second = rows(table(LINE.replace("17,Zoë,", ",,"), LINE.replace("Zoë,O'Brien-Smith", ",")))
    assert (first.given_name, second.family_name) == (None, None)


def test_lines_are_counted_as_the_spreadsheet_counts_them() -> None:
    text = table('18,"Zoë\nAnn",Khan,,,02/09/2026,Youth work,,,', "", LINE.replace("02/09", "32/09"))
    assert errors(text) == [(5, "date", "DATE_UNREADABLE")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "CSV_EMPTY"),
        ("\r\n,,\r\n", "CSV_EMPTY"),
        ("own_id,surname,date,kind_of_support\n", "CSV_COLUMN_UNKNOWN"),
        ("own_id,date\n", "CSV_COLUMN_MISSING"),
        ("own_id,date,kind_of_support,Date\n", "CSV_COLUMN_TWICE"),
        (b"\xff\xfea", "CSV_ENCODING"),
        (b"\x81\x8d,date", "CSV_ENCODING"),
        (b"x" * 2001, "CSV_TOO_LARGE"),
    ],
)
def test_a_file_that_is_no_such_list_is_refused_at_once(text: str | bytes, code: str) -> None:
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(CsvError) as refused:
        read_reports(io.BytesIO(data), vocabulary=WORDS, max_bytes=2000)
    assert refused.value.code == code


def test_more_lines_than_the_limit_are_not_read() -> None:
    outcomes = read(table(LINE, LIGHT, LIGHT), max_rows=2)
    assert [type(o) for o in outcomes] == [ReportRow, ReportRow, RowError]


def test_the_same_file_gives_the_same_keys_whatever_else_is_mended_in_it() -> None:
    before = [row.line_key for row in rows(table(LINE, LIGHT))]
    after = [row.line_key for row in rows(table("18,Ann,Khan,,,02/09/2026,Youth work,,,", LINE, "", LIGHT))]
    assert after[1:] == before


def test_two_lines_that_say_the_same_are_two_reports() -> None:
    first, second = rows(table(LIGHT, LIGHT))
    assert first.line_key != second.line_key


def test_the_groups_own_key_wins_and_may_not_come_twice() -> None:
    columns = COLUMNS + ",line_key"
    first, second = read(table(LINE + ",A1", LIGHT + ",A1", columns=columns))
    assert isinstance(first, ReportRow)
    assert first.line_key == "own:A1"
    assert isinstance(second, RowError)
    assert (second.line, second.column, second.code) == (3, "line_key", "LINE_KEY_TWICE")


def test_an_areas_outcomes_may_be_codes() -> None:
    words = Vocabulary(WORDS.kinds, WORDS.deliveries, WORDS.need_levels, frozenset({"NEEDS_MET"}))
    columns = COLUMNS + ",outcome"
    assert errors(table(LINE + ",needs met", columns=columns), vocabulary=words) == []
    assert errors(table(LINE + ",fine", columns=columns), vocabulary=words) == [(2, "outcome", "CODE_UNKNOWN")]


def test_the_template_explains_every_column_and_reads_as_an_empty_list() -> None:
    text = template(WORDS)
    header, helps, example = csv.reader(io.StringIO(text))
    assert header == list(HELP)
    assert len(helps) == len(example) == len(header)
    assert "FAMILY_SUPPORT, YOUTH_WORK" in helps[header.index("kind_of_support")]
    assert read(text) == []


def test_the_templates_example_is_a_line_that_would_be_taken() -> None:
    header, _, example = template(WORDS).splitlines()
    (row,) = rows(f"{header}\r\n{example.removeprefix('# ')}\r\n")
    assert row.given_name == "Zoë"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_the_error_report_can_be_a_formula(start: str) -> None:
    report = error_report([RowError(2, f"{start}cmd", "CODE", f"{start}HYPERLINK()")])
    _, cells = csv.reader(io.StringIO(report, newline=""))
    assert cells == ["2", f"'{start}cmd", "CODE", f"'{start}HYPERLINK()"]


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        outcomes = read(data)
    except CsvError as refused:
        assert refused.code.startswith("CSV_")  # noqa: PT017  either outcome is right
    else:
        assert all(isinstance(outcome, ReportRow | RowError) for outcome in outcomes)


@settings(deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), min_size=10, max_size=10), max_size=6))
def test_any_cells_are_read_or_refused_line_by_line(lines: list[list[str]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS.split(","))
    writer.writerows(lines)
    outcomes = read(out.getvalue().encode("utf-8", "replace"))
    assert all(isinstance(outcome, RowError) or outcome.kind_of_support in WORDS.kinds for outcome in outcomes)

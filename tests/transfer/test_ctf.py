"""A Common Transfer File as a school sends it: what is read, what is left out, what is quarantined."""

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from throughline.terms.destination import Destination
from throughline.terms.numbers import Laestab, make_upn
from throughline.terms.work import Sex
from throughline.transfer.ctf import CtfFile, CtfProgress, read_ctf
from throughline.transfer.ctf_error import CtfError
from throughline.transfer.ctf_pupil import CtfPupil, QuarantinedPupil
from throughline.transfer.ctf_sample import SamplePupil, SampleSchool, file_name, write_ctf

TODAY = date(2026, 9, 3)
SCHOOL = SampleSchool(Laestab("801", "2000"), "100001", "Example Primary School")
ZOE = SamplePupil("B801200005001", "O'Brien-Smith", "Zoë", "2015-01-10", preferred_forename="Ash", middle_names="Grace")
AISHA = SamplePupil("R808200015001", "Khan", "Aisha", "2015-02-11")


def read(data: bytes, **options: Any) -> CtfFile:
    limits: dict[str, Any] = {"max_bytes": 30_000_000, "max_pupils": 100_000, "today": TODAY}
    return read_ctf(io.BytesIO(data), **(limits | options))


def sample(*pupils: SamplePupil, **options: Any) -> bytes:
    return b"".join(write_ctf(pupils, source=SCHOOL, **options))


def outcomes(*pupils: SamplePupil) -> list[CtfPupil | QuarantinedPupil]:
    return list(read(sample(*pupils)).pupils())


def accepted(pupil: SamplePupil) -> CtfPupil:
    (outcome,) = outcomes(pupil)
    assert isinstance(outcome, CtfPupil), outcome
    return outcome


def reasons(pupil: SamplePupil) -> list[str]:
    (outcome,) = outcomes(pupil)
    assert isinstance(outcome, QuarantinedPupil), outcome
    return [reason.code for reason in outcome.reasons]


def test_the_header_says_who_sent_the_file_to_whom() -> None:
    header = read(sample(ZOE, destination="8014001")).header
    assert (header.source, header.source_urn, header.source_name) == (
        Laestab("801", "2000"),
        "100001",
        SCHOOL.name,
    )
    assert (header.destination, header.destination_school) == (Destination.SCHOOL, Laestab("801", "4001"))
    assert (header.version, header.qualifier, header.academic_year) == ("25.0", "full", 2025)
    assert header.sent_at is not None
    assert header.sent_at.isoformat() == "2026-09-02T08:30:00+01:00"


@pytest.mark.parametrize(("text", "kind"), [("XXXXXXX", Destination.UNKNOWN), ("MMMMMMM", Destination.OUTSIDE)])
def test_a_destination_may_be_unknown_or_outside(text: str, kind: Destination) -> None:
    header = read(sample(ZOE, destination=text)).header
    assert (header.destination, header.destination_school) == (kind, None)


def test_a_pupil_is_read_with_names_address_attendance_and_schools() -> None:
    pupil = accepted(replace(ZOE, uln="9276308686", former_upn="X371200024001", former_surname="Brown"))
    assert (pupil.ordinal, pupil.upn, pupil.uln, pupil.former_upn) == (
        1,
        "B801200005001",
        "9276308686",
        "X371200024001",
    )
    assert (pupil.forename, pupil.surname, pupil.middle_names) == ("Zoë", "O'Brien-Smith", "Grace")
    assert (pupil.preferred_forename, pupil.former_surname) == ("Ash", "Brown")
    assert (pupil.birth_date, pupil.sex, pupil.year_group) == (date(2015, 1, 10), Sex.FEMALE, "6")
    assert (pupil.address_lines, pupil.postcode) == (("12 Example Road", "Exampleton"), "BS2 4TB")
    (year,), (school,) = pupil.attendance, pupil.schools
    assert (year.year, year.possible, year.attended, year.authorised, year.unauthorised) == (
        2025,
        380,
        351,
        20,
        9,
    )
    assert (school.school, school.urn, school.name) == (SCHOOL.number, SCHOOL.urn, SCHOOL.name)
    assert (school.entered_on, school.left_on, school.is_last) == (date(2019, 9, 3), date(2026, 7, 22), True)
    assert pupil.warnings == ()


def test_older_files_say_gender_and_it_is_read_as_sex() -> None:
    data = sample(ZOE).replace(b"<Sex>F</Sex>", b"<Gender>M</Gender>")
    (pupil,) = read(data).pupils()
    assert isinstance(pupil, CtfPupil)
    assert pupil.sex is Sex.MALE


def test_what_is_not_ours_to_hold_is_named_in_the_report_and_nowhere_else() -> None:
    secret = (
        "<FSMhistory><FSMinstance><FSMstartDate>2020-01-01</FSMstartDate></FSMinstance></FSMhistory>"
        "<LookedAfter><InCare>true</InCare></LookedAfter><SENhistory><SEN><SENprovision>E</SENprovision></SEN></SENhistory>"
        "<Contacts><Contact><Surname>Motherson</Surname></Contact></Contacts><Phones><Phone>0117</Phone></Phones>"
    )
    ctf = read(sample(replace(ZOE, extra=secret), AISHA))
    assert ctf.not_kept == {f"Pupil/{n}": 1 for n in ("FSMhistory", "LookedAfter", "SENhistory", "Contacts", "Phones")}
    assert ctf.not_understood == {}
    assert "Motherson" not in repr(list(ctf.pupils()))


def test_what_is_not_understood_is_counted_once_where_it_begins() -> None:
    extra = "<StageAssessments><KeyStage><Stage>KS2</Stage></KeyStage></StageAssessments>"
    ctf = read(sample(replace(ZOE, extra=extra), replace(AISHA, extra=extra)))
    assert ctf.not_understood == {"Pupil/StageAssessments": 2}
    assert len(list(ctf.pupils())) == 2


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "windows-1252"])
def test_names_survive_every_encoding_that_schools_use(encoding: str) -> None:
    (pupil,) = read(sample(ZOE, encoding=encoding)).pupils()
    assert isinstance(pupil, CtfPupil)
    assert pupil.forename == "Zoë"


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read(b"\xef\xbb\xbf" + sample(ZOE)).pupil_count == 1


@pytest.mark.parametrize(
    ("pupil", "code"),
    [
        (replace(ZOE, upn="A801200005001"), "UPN_CHECK_LETTER"),
        (replace(ZOE, upn="nonsense"), "UPN_MALFORMED"),
        (replace(ZOE, born=None), "BIRTH_DATE_UNREADABLE"),
        (replace(ZOE, born="10/01/2015"), "BIRTH_DATE_UNREADABLE"),
        (replace(ZOE, born="2015-02-30"), "BIRTH_DATE_UNREADABLE"),
        (replace(ZOE, born="1420848000"), "BIRTH_DATE_UNREADABLE"),
        (replace(ZOE, born="2027-01-10"), "BIRTH_DATE_IMPLAUSIBLE"),
        (replace(ZOE, born="1015-01-10"), "BIRTH_DATE_IMPLAUSIBLE"),
        (replace(ZOE, surname=None, forename=" \u200b "), "NAME_MISSING"),
        (replace(ZOE, forename="Z" * 501), "TEXT_TOO_LONG"),
        (replace(ZOE, extra="<UPN>R808200015001</UPN>"), "REPEATED_ELEMENT"),
        (replace(ZOE, years=[(2025, 10, 1, 1, 1)] * 101), "TOO_MANY_ROWS"),
    ],
)
def test_a_pupil_who_could_be_taken_for_another_is_quarantined(pupil: SamplePupil, code: str) -> None:
    assert reasons(pupil) == [code]


def test_all_reasons_are_told_at_once_and_without_content() -> None:
    (outcome,) = outcomes(replace(ZOE, upn="A801200005001", born="2015-02-30"))
    assert isinstance(outcome, QuarantinedPupil)
    assert {reason.code for reason in outcome.reasons} == {"UPN_CHECK_LETTER", "BIRTH_DATE_UNREADABLE"}
    assert not any(secret in repr(outcome) for secret in ("Zoë", "Smith", "A8012", "2015-02-30"))


def test_the_other_pupils_go_on_when_one_is_quarantined() -> None:
    first, second, third = outcomes(AISHA, replace(ZOE, upn="nonsense"), replace(ZOE, forename="Zara"))
    assert (type(first), type(second), type(third)) == (CtfPupil, QuarantinedPupil, CtfPupil)
    assert second.ordinal == 2


def test_the_second_pupil_with_one_upn_is_quarantined() -> None:
    first, second = outcomes(ZOE, replace(AISHA, upn=ZOE.upn))
    assert isinstance(first, CtfPupil)
    assert isinstance(second, QuarantinedPupil)
    assert second.reasons[0].code == "DUPLICATE_UPN"


def test_a_upn_is_taken_even_by_a_pupil_who_was_quarantined() -> None:
    assert [type(o) for o in outcomes(replace(ZOE, born="?"), replace(AISHA, upn=ZOE.upn))] == [QuarantinedPupil] * 2


def test_twins_who_share_everything_but_the_forename_are_two_pupils() -> None:
    twins = outcomes(replace(ZOE, upn=None), replace(ZOE, upn=None, forename="Zara"))
    assert [pupil.forename for pupil in twins if isinstance(pupil, CtfPupil)] == ["Zoë", "Zara"]


def test_a_quarantined_pupil_is_recognised_by_a_keyed_hash_alone() -> None:
    ctf = read(
        sample(replace(ZOE, born=None), replace(AISHA, upn="bad")),
        fingerprint=lambda upn: f"keyed({len(upn)})",
    )
    marks = [outcome.upn_fingerprint for outcome in ctf.pupils() if isinstance(outcome, QuarantinedPupil)]
    assert marks == ["keyed(13)", None]


@pytest.mark.parametrize(
    ("pupil", "code"),
    [
        (replace(ZOE, upn=None), "UPN_MISSING"),
        (replace(ZOE, upn="C80820001500A"), "UPN_TEMPORARY"),
        (replace(ZOE, upn=make_upn("999200005001")), "UPN_AUTHORITY_UNKNOWN"),
        (replace(ZOE, uln="9276308687"), "ULN_CHECK_DIGIT"),
        (replace(ZOE, former_upn="A801200005001"), "UPN_CHECK_LETTER"),
        (replace(ZOE, postcode="Bristol"), "POSTCODE_MALFORMED"),
        (replace(ZOE, sex="?"), "SEX_UNREADABLE"),
        (replace(ZOE, year_group="the sixth form"), "CODE_UNREADABLE"),
        (replace(ZOE, years=[(2025, 10, 11, 0, 0)]), "ATTENDANCE_UNREADABLE"),
        (replace(ZOE, years=[(2025, -1, 0, 0, 0)]), "ATTENDANCE_UNREADABLE"),
        (replace(ZOE, entered_on="2026-09-03"), "SCHOOL_UNREADABLE"),
        (replace(ZOE, entered_on="1420848000"), "SCHOOL_UNREADABLE"),
    ],
)
def test_what_makes_nobody_another_is_left_out_with_a_warning(pupil: SamplePupil, code: str) -> None:
    assert [warning.code for warning in accepted(pupil).warnings] == [code]


def test_a_pupil_may_have_one_name_only() -> None:
    assert accepted(replace(ZOE, surname=None)).surname is None


def test_names_are_composed_and_tidied() -> None:
    assert accepted(replace(ZOE, forename="  Zoe\u0308\u202e \n Ann ")).forename == "Zoë Ann"


def test_a_comment_or_instruction_inside_a_value_is_ignored() -> None:
    data = sample(ZOE).replace(b"Grace", b"Gr<!-- x --><?x y?>ace")
    (pupil,) = read(data).pupils()
    assert isinstance(pupil, CtfPupil)
    assert pupil.middle_names == "Grace"


def test_a_pupil_outside_its_place_is_not_understood_as_one() -> None:
    stray = b"<Header><Pupil><UPN>B801200005001</UPN></Pupil>"
    ctf = read(sample(AISHA).replace(b"<Header>", stray))
    assert (ctf.pupil_count, ctf.not_understood) == (1, {"Header/Pupil": 1})


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        (file_name(SCHOOL, "8014001"), []),
        ("8012000_ctf_8014001_002.XML", []),
        ("pupils.xml", ["FILE_NAME_UNUSUAL"]),
        ("8012001_CTF_8014001_001.xml", ["FILE_NAME_SOURCE"]),
        ("8012000_CTF_XXXXXXX_001.xml", ["FILE_NAME_DESTINATION"]),
    ],
)
def test_a_file_name_that_does_not_fit_is_a_warning(name: str, codes: list[str]) -> None:
    ctf = read(sample(ZOE, destination="8014001"), file_name=name)
    assert [warning.code for warning in ctf.warnings] == codes


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda data: data.replace(b">25.0<", b">26.0<"), "VERSION_NEWER"),
        (lambda data: data.replace(b">25.0<", b"><"), "VERSION_UNREADABLE"),
        (lambda data: data.replace(b">full<", b">odd<"), "QUALIFIER_UNREADABLE"),
        (lambda data: data.replace(b"2026-09-02T08:30:00", b"yesterday"), "SENT_AT_UNREADABLE"),
        (lambda data: data.replace(b"2026-09-02T08:30:00", b"20260902T083000"), "SENT_AT_UNREADABLE"),
        (
            lambda data: data.replace(b">2025</AcademicYear>", b">?</AcademicYear>"),
            "ACADEMIC_YEAR_UNREADABLE",
        ),
        (lambda data: data.replace(b">XXX</LEA>", b">YYY</LEA>"), "DESTINATION_UNREADABLE"),
    ],
)
def test_an_odd_header_is_a_warning(change: Callable[[bytes], bytes], code: str) -> None:
    assert [warning.code for warning in read(change(sample(ZOE))).warnings] == [code]


def test_progress_is_told_while_checking_and_while_reading() -> None:
    seen: list[CtfProgress] = []
    data = sample(*(replace(AISHA, upn=None) for _ in range(300)))
    list(read(data, on_progress=seen.append).pupils())
    assert {step.stage for step in seen} == {"checking", "reading"}
    assert seen[-1] == CtfProgress("reading", 300, 300)
    assert [s for s in seen if s.stage == "checking"][-1] == CtfProgress("checking", len(data), len(data))


def test_a_file_can_be_read_again_and_says_the_same() -> None:
    ctf = read(sample(ZOE, AISHA))
    assert list(ctf.pupils()) == list(ctf.pupils())
    assert ctf.sha256 == read(sample(ZOE, AISHA)).sha256


xml_text = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=40)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(xml_text, xml_text, st.dates(date(1990, 1, 1), TODAY)), max_size=5),
    st.sampled_from(["UTF-8", "UTF-16"]),
)
def test_every_pupil_is_accounted_for_whatever_the_names(people: Sequence[tuple[str, str, date]], encoding: str) -> None:
    pupils = [SamplePupil(None, family, forename, born.isoformat()) for family, forename, born in people]
    ctf = read(sample(*pupils, encoding=encoding))
    outcomes = list(ctf.pupils())
    assert [outcome.ordinal for outcome in outcomes] == list(range(1, len(people) + 1))
    for outcome, (_, _, born) in zip(outcomes, people, strict=True):
        assert isinstance(outcome, QuarantinedPupil) or outcome.birth_date == born


@settings(deadline=None)
@given(st.binary(max_size=80), st.integers(0, 3000))
def test_a_damaged_file_is_refused_or_read_and_nothing_else_happens(noise: bytes, place: int) -> None:

    data = sample(ZOE, AISHA)
    damaged = data[:place] + noise + data[place + len(noise) :]
    try:
        ctf = read(damaged)
        assert len(list(ctf.pupils())) == ctf.pupil_count
    except CtfError as refused:
        assert refused.code.startswith("CTF_")  # noqa: PT017  either outcome is right

from contextlib import suppress
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from throughline.terms.destination import Destination, parse_destination
from throughline.terms.numbers import (
    UPN_ALPHABET,
    InvalidNumber,
    Laestab,
    make_nhs_number,
    make_uln,
    make_upn,
    normalise_postcode,
    parse_laestab,
    parse_nhs_number,
    parse_uln,
    parse_upn,
    parse_urn,
    synthetic_nhs_numbers,
)

bodies = st.from_regex(rf"[0-9]{{11}}[0-9{UPN_ALPHABET}]", fullmatch=True)
nine_digits = st.from_regex(r"[0-9]{9}", fullmatch=True)


@pytest.mark.parametrize("text", ["B801200005001", "R808200015001", "X371200024001", "T806200050001"])
def test_the_standards_own_numbers_are_permanent_upns(text: str) -> None:
    upn = parse_upn(text)
    assert (upn.text, upn.is_temporary, upn.is_authority_known) == (text, False, True)


def test_a_upn_falls_into_authority_school_year_and_serial() -> None:
    upn = parse_upn(" b801 2000 05 001\n")
    assert (upn.authority, upn.establishment, upn.year, upn.serial) == ("801", "2000", "05", "001")


def test_a_upn_that_ends_in_a_letter_is_temporary() -> None:
    assert parse_upn("c80820001500a").is_temporary


@pytest.mark.parametrize("authority", ["838", "839", "660", "681", "940", "943"])
def test_authorities_that_libraries_refuse_are_known(authority: str) -> None:
    assert parse_upn(make_upn(f"{authority}200012345")).is_authority_known


def test_an_unknown_authority_is_told_and_not_refused() -> None:
    assert not parse_upn(make_upn("999200012345")).is_authority_known


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("A801200005001", "UPN_CHECK_LETTER"),
        ("B80120000500", "UPN_MALFORMED"),
        ("S801200005001", "UPN_MALFORMED"),
        ("B80120000500O", "UPN_MALFORMED"),
        ("B80120000500²", "UPN_MALFORMED"),
        ("B80120000500\u0661", "UPN_MALFORMED"),
        ("", "UPN_MALFORMED"),
    ],
)
def test_a_wrong_upn_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(InvalidNumber) as refused:
        parse_upn(text)
    assert refused.value.code == code
    assert not text or text not in refused.value.message


@settings(deadline=None)
@given(bodies)
def test_every_upn_that_we_make_is_one(body: str) -> None:
    assert parse_upn(make_upn(body)).text[1:] == body


@settings(deadline=None)
@given(bodies, st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_in_a_upn_is_always_noticed(body: str, place: int, shift: int) -> None:
    wrong = body[:place] + str((int(body[place]) + shift) % 10) + body[place + 1 :]
    assert make_upn(wrong)[0] != make_upn(body)[0]


@settings(deadline=None)
@given(bodies, st.integers(0, 9))
def test_two_neighbouring_digits_exchanged_in_a_upn_are_always_noticed(body: str, place: int) -> None:
    swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    assert swapped == body or make_upn(swapped)[0] != make_upn(body)[0]


@pytest.mark.parametrize("text", ["9990000018", "999 000 0026", "943-476-5919", " 9434765919 "])
def test_an_nhs_number_is_read_however_it_is_spaced(text: str) -> None:
    assert len(parse_nhs_number(text)) == 10


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("9990000019", "NHS_NUMBER_CHECK_DIGIT"),
        ("999000001", "NHS_NUMBER_MALFORMED"),
        ("9.99E+09", "NHS_NUMBER_MALFORMED"),
        ("0000000000", "NHS_NUMBER_PLACEHOLDER"),
        ("9999999999", "NHS_NUMBER_PLACEHOLDER"),
    ],
)
def test_a_wrong_nhs_number_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(InvalidNumber) as refused:
        parse_nhs_number(text)
    assert refused.value.code == code


def test_synthetic_nhs_numbers_are_distinct_valid_and_never_issued() -> None:
    numbers = list(islice(synthetic_nhs_numbers(), 2000))
    assert numbers[:2] == ["9990000018", "9990000026"]
    assert len(set(numbers)) == 2000
    assert all(parse_nhs_number(n) == n and n.startswith("999") for n in numbers)


@pytest.mark.parametrize("body", ["943476591", "99900000", "999999999"])
def test_we_never_make_an_nhs_number_that_could_be_somebodys(body: str) -> None:
    with pytest.raises(InvalidNumber, match="none is ever issued"):
        make_nhs_number(body)


@settings(deadline=None)
@given(st.integers(1, 999_998), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_in_an_nhs_number_is_always_noticed(serial: int, place: int, shift: int) -> None:
    try:
        number = make_nhs_number(f"999{serial:06d}")
    except InvalidNumber:
        return
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(InvalidNumber):
        parse_nhs_number(wrong)


def test_the_standards_own_uln_is_valid() -> None:
    assert parse_uln("9276 308 686") == "9276308686"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("9276308687", "ULN_CHECK_DIGIT"),
        ("9999999999", "ULN_CHECK_DIGIT"),
        ("0000000000", "ULN_CHECK_DIGIT"),
        ("x", "ULN_MALFORMED"),
    ],
)
def test_a_wrong_uln_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(InvalidNumber) as refused:
        parse_uln(text)
    assert refused.value.code == code


@settings(deadline=None)
@given(nine_digits, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_in_a_uln_is_always_noticed(body: str, place: int, shift: int) -> None:
    try:
        number = make_uln(body)
    except InvalidNumber:
        return
    assert parse_uln(number) == number
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(InvalidNumber):
        parse_uln(wrong)


@pytest.mark.parametrize("text", ["8012000", "801/2000", " 801 2000 ", "801-2000"])
def test_a_school_number_is_read_however_it_is_written(text: str) -> None:
    assert parse_laestab(text) == Laestab("801", "2000")
    assert str(parse_laestab(text)) == "8012000"


@pytest.mark.parametrize("text", ["801200", "80120000", "XXXXXXX", ""])
def test_what_is_no_school_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidNumber):
        parse_laestab(text)


def test_a_urn_is_six_digits() -> None:
    assert parse_urn(" 100001 ") == "100001"
    with pytest.raises(InvalidNumber):
        parse_urn("10001")


@pytest.mark.parametrize(
    ("text", "postcode"),
    [
        ("bs24tb", "BS2 4TB"),
        (" SW1A  1AA", "SW1A 1AA"),
        ("m1 1ae", "M1 1AE"),
        ("TS18 1LD", "TS18 1LD"),
        ("gir0aa", "GIR 0AA"),
    ],
)
def test_a_postcode_is_written_in_one_way(text: str, postcode: str) -> None:
    assert normalise_postcode(text) == postcode


@pytest.mark.parametrize("text", ["BS2", "12345", "BS2 TTB", "", "BS2 4TB X"])
def test_what_is_no_postcode_is_refused(text: str) -> None:
    with pytest.raises(InvalidNumber):
        normalise_postcode(text)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_either_read_or_refused(text: str) -> None:
    for parse in (parse_upn, parse_nhs_number, parse_uln, parse_laestab, parse_urn, normalise_postcode):
        with suppress(InvalidNumber):
            parse(text)


def test_a_destination_may_be_a_school_unknown_or_outside() -> None:
    assert parse_destination("8014001") == (Destination.SCHOOL, Laestab("801", "4001"))
    assert parse_destination("XXXXXXX") == (Destination.UNKNOWN, None)
    assert parse_destination("mmmmmmm") == (Destination.OUTSIDE, None)
    with pytest.raises(InvalidNumber):
        parse_destination("XXX2000")

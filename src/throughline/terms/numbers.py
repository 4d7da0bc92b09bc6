"""The numbers that people and places carry: read, checked, made.

The arithmetic is our own because libraries refuse numbers of real authorities (838, 839 and the Welsh codes).
Messages never repeat the number: they end up in logs and reports.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

UPN_ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ"  # 23 letters: I, O and S look like digits
_UPN_SHAPE = re.compile(rf"[{UPN_ALPHABET}][0-9]{{11}}[0-9{UPN_ALPHABET}]")
_UPN_BODY = re.compile(rf"[0-9]{{11}}[0-9{UPN_ALPHABET}]")
_TEN_DIGITS = re.compile(r"[0-9]{10}")
_NINE_DIGITS = re.compile(r"[0-9]{9}")
_LAESTAB_SHAPE = re.compile(r"([0-9]{3})/?([0-9]{4})")
_URN_SHAPE = re.compile(r"[0-9]{6}")
_POSTCODE_SHAPE = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?|GIR)([0-9][A-Z]{2})")
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015]+")

# Authorities of England and Wales, merged ones included: pupils keep the number that they were given.
_KNOWN_AUTHORITIES = frozenset(
    chain(
        range(201, 214), range(301, 321), range(330, 337), range(340, 345), range(350, 360), range(370, 374),
        range(380, 385), range(390, 395), [420], range(660, 682), range(800, 804), range(805, 809),
        range(810, 814), [815, 816, 820, 821, 822, 823, 825, 826, 830, 831], range(835, 842), [845, 846],
        range(850, 853), range(855, 858), [860, 861], range(865, 897), [908, 909, 916, 919, 921, 925, 926],
        [928, 929, 931, 933], range(935, 939), range(940, 944),
    )
)  # fmt: skip


class InvalidNumber(ValueError):  # noqa: N818  a finding about what somebody typed, not a fault of ours
    """`code` is stable and for programs, `message` is for the person who typed the number."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Upn:
    """A unique pupil number. `year` is the two digits as printed; a temporary `serial` ends in a letter."""

    text: str
    authority: str
    establishment: str
    year: str
    serial: str

    @property
    def is_temporary(self) -> bool:
        """A temporary number is given twice and dropped: it identifies nobody."""
        return self.text[-1].isalpha()

    @property
    def is_authority_known(self) -> bool:
        """Worth a warning when false, never a refusal: authorities are created every few years."""
        return int(self.authority) in _KNOWN_AUTHORITIES

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Laestab:
    """A school as its authority numbers it."""

    authority: str
    establishment: str

    def __str__(self) -> str:
        return self.authority + self.establishment


def parse_upn(text: str) -> Upn:
    upn = _compact(text)
    if not _UPN_SHAPE.fullmatch(upn):
        raise InvalidNumber("UPN_MALFORMED", "A UPN is a letter, eleven digits, then a digit or a letter.")
    if _upn_check_letter(upn[1:]) != upn[0]:
        raise InvalidNumber("UPN_CHECK_LETTER", "The UPN's first letter does not fit the rest: is there a slip?")
    return Upn(text=upn, authority=upn[1:4], establishment=upn[4:8], year=upn[8:10], serial=upn[10:13])


def make_upn(body: str) -> str:
    """The UPN for `body`: authority(3), establishment(4), year(2), serial(3, letter last if temporary)."""
    if not _UPN_BODY.fullmatch(body):
        raise InvalidNumber("UPN_MALFORMED", "The body of a UPN is eleven digits, then a digit or a letter.")
    return _upn_check_letter(body) + body


def parse_nhs_number(text: str) -> str:
    """Ten digits without spaces. All ten alike would pass the check, but is how people type "not known"."""
    number = _ten_digits(text, "NHS_NUMBER_MALFORMED", "An NHS number is ten digits.")
    if len(set(number)) == 1:
        raise InvalidNumber("NHS_NUMBER_PLACEHOLDER", "Ten times the same digit stands for no NHS number.")
    if _nhs_check_digit(number[:9]) != number[9]:
        raise InvalidNumber("NHS_NUMBER_CHECK_DIGIT", "The NHS number's last digit does not fit: is there a slip?")
    return number


def make_nhs_number(body: str) -> str:
    """The synthetic NHS number for nine digits from 999 on; for about one body in eleven there is none."""
    if not _NINE_DIGITS.fullmatch(body) or not body.startswith("999") or body == "999999999":
        raise InvalidNumber("NHS_NUMBER_NOT_SYNTHETIC", "We make NHS numbers only where none is ever issued (999…).")
    check = _nhs_check_digit(body)
    if check is None:
        raise InvalidNumber("NHS_NUMBER_CHECK_DIGIT", "No NHS number is issued for these nine digits.")
    return body + check


def synthetic_nhs_numbers() -> Iterator[str]:
    """Every synthetic NHS number in order, from 999 000 0018 on: some 909,000."""
    for serial in range(1, 999_999):
        body = f"999{serial:06d}"
        if _nhs_check_digit(body) is not None:
            yield make_nhs_number(body)


def parse_uln(text: str) -> str:
    number = _ten_digits(text, "ULN_MALFORMED", "A ULN is ten digits.")
    if _uln_check_digit(number[:9]) != number[9]:
        raise InvalidNumber("ULN_CHECK_DIGIT", "The ULN's last digit does not fit: is there a slip?")
    return number


def make_uln(body: str) -> str:
    check = _uln_check_digit(body) if _NINE_DIGITS.fullmatch(body) else None
    if check is None:
        raise InvalidNumber("ULN_CHECK_DIGIT", "No ULN is issued for this body.")
    return body + check


def parse_laestab(text: str) -> Laestab:
    """Accepts `8012000`, `801/2000` and `801 2000`."""
    found = _LAESTAB_SHAPE.fullmatch(_compact(text))
    if not found:
        raise InvalidNumber("LAESTAB_MALFORMED", "A school's number is seven digits: authority, then school.")
    return Laestab(authority=found[1], establishment=found[2])


def parse_urn(text: str) -> str:
    urn = _compact(text)
    if not _URN_SHAPE.fullmatch(urn):
        raise InvalidNumber("URN_MALFORMED", "A school's URN is six digits.")
    return urn


def normalise_postcode(text: str) -> str:
    """`bs24tb` → `BS2 4TB`. The shape is checked, not whether the postcode is in use."""
    found = _POSTCODE_SHAPE.fullmatch(_compact(text))
    if not found:
        raise InvalidNumber("POSTCODE_MALFORMED", "This is not the shape of a postcode, such as BS2 4TB.")
    return f"{found[1]} {found[2]}"


def _compact(text: str) -> str:
    return _SEPARATORS.sub("", text).upper()


def _ten_digits(text: str, code: str, message: str) -> str:
    number = _compact(text)
    if not _TEN_DIGITS.fullmatch(number):
        raise InvalidNumber(code, message)
    return number


def _upn_check_letter(body: str) -> str:
    values = (int(c) if c in "0123456789" else UPN_ALPHABET.index(c) for c in body)
    return UPN_ALPHABET[sum(weight * value for weight, value in zip(range(2, 14), values, strict=True)) % 23]


def _weighted_sum(body: str) -> int:
    return sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), body, strict=True))


def _nhs_check_digit(body: str) -> str | None:
    check = (11 - _weighted_sum(body) % 11) % 11
    return None if check == 10 else str(check)


def _uln_check_digit(body: str) -> str | None:
    remainder = _weighted_sum(body) % 11
    return None if remainder == 0 else str(10 - remainder)

"""Which words about somebody by one id make somebody else of them, and which do not."""

from dataclasses import replace
from datetime import date

import pytest

from throughline.linking.sameness import Said, is_somebody_else

ADAM = Said("Adam", date(2015, 5, 6), (("NHS_NUMBER", "9434765919"), ("UPN", "B801200005001")))


@pytest.mark.parametrize(
    "now",
    [
        Said(None, None),
        replace(ADAM, given_name="ADÁM"),
        replace(ADAM, given_name="Adham"),
        replace(ADAM, date_of_birth=date(2015, 6, 5)),
        replace(ADAM, numbers=(("POSTCODE", "TS18 1AA"),)),
        replace(ADAM, numbers=(("UPN", "R808200015001"), ("FORMER_UPN", "B801200005001"))),
    ],
    ids=["nothing said", "spelt otherwise", "another name", "another day", "they moved", "a UPN with the former one"],
)
def test_who_is_spelt_anew_put_right_or_not_described_is_the_same(now: Said) -> None:
    assert not is_somebody_else(ADAM, now)


@pytest.mark.parametrize(
    "now",
    [
        replace(ADAM, given_name="Eve", date_of_birth=date(2012, 2, 2)),
        replace(ADAM, numbers=(("NHS_NUMBER", "9434765870"),)),
        replace(ADAM, numbers=(("UPN", "R808200015001"),)),
    ],
    ids=["name and day", "NHS number", "UPN"],
)
def test_whoever_shares_neither_name_nor_day_or_has_another_number_is_somebody_else(now: Said) -> None:
    assert is_somebody_else(ADAM, now)

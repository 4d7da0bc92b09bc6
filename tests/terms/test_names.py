from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from throughline.terms.names import (
    NamedPerson,
    exchange_day_and_month,
    fold,
    phonetic,
    query_keys,
    search_keys,
    similarity,
)

BORN = date(2015, 3, 9)
names = st.text(max_size=30)
dates = st.dates(date(1930, 1, 1), date(2026, 12, 31))


def found(query: NamedPerson, candidate: NamedPerson) -> int:
    """How many keys lead from the query to the candidate."""
    asked = query_keys(query.given, query.family, query.birth_date)
    return len(asked & search_keys(candidate.given, candidate.family, candidate.birth_date))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Zoë", "zoe"),
        ("O’Brien-Smith", "obrien smith"),
        ("O'BRIEN  SMITH", "obrien smith"),
        ("Straße", "strasse"),
        ("Æthel", "aethel"),
        ("Łukasz", "lukasz"),
        ("Nguyễn", "nguyen"),
        ("St. John", "st john"),
        ("ﬁona", "fiona"),
        (" - ", ""),
        (None, ""),
    ],
)
def test_a_name_is_compared_in_one_spelling(text: str | None, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    "spellings",
    [
        ("Muhammad", "Mohammed", "Mohamed", "Muhammed"),
        ("Sean", "Shaun", "Shawn"),
        ("Aisha", "Ayesha", "Aysha"),
        ("Catherine", "Katherine", "Kathryn"),
        ("Stephen", "Steven"),
        ("Smith", "Smyth"),
        ("Yusuf", "Yousef"),
        ("Omar", "Umar"),
        ("Zoë", "Zoe"),
    ],
)
def test_spellings_of_one_name_sound_alike(spellings: tuple[str, ...]) -> None:
    assert len({phonetic(fold(s)) for s in spellings}) == 1


@pytest.mark.parametrize(
    ("query", "candidate"),
    [
        (NamedPerson("Zoe", "Khan"), NamedPerson("Zoë", "Khan", BORN)),
        (NamedPerson("Muhammad", "Ali"), NamedPerson("Mohammed", "Ali", BORN)),
        (NamedPerson("Khan", "Zoe"), NamedPerson("Zoë", "Khan", BORN)),
        (NamedPerson("Zoe", "Smith"), NamedPerson("Zoë", "O'Brien-Smith", BORN)),
        (NamedPerson("Zoe", "Obrien"), NamedPerson("Zoë", "O'Brien-Smith", BORN)),
        (NamedPerson("Zoe", "OBrienSmith"), NamedPerson("Zoë", "O'Brien-Smith", BORN)),
        (NamedPerson("Zoe", "Smith O'Brien"), NamedPerson("Zoë", "O'Brien-Smith", BORN)),
        (NamedPerson("Abdul Rahman", "Aziz"), NamedPerson("Abdulrahman", "Aziz", BORN)),
        (NamedPerson("Dniel", "Wright"), NamedPerson("Daniel", "Wright", BORN)),
        (NamedPerson("Faniel", "Wright"), NamedPerson("Daniel", "Wright", BORN)),
        (NamedPerson("Daniel", "Wrighr"), NamedPerson("Daniel", "Wright", BORN)),
        (NamedPerson("Suharto", None), NamedPerson(None, "Suharto", BORN)),
        (NamedPerson("Suharto", "Suharto"), NamedPerson("Suharto", None, BORN)),
        (NamedPerson("Zoe", "Khan", date(2015, 9, 3)), NamedPerson("Zoë", "Khan", BORN)),
        (NamedPerson("Zoey", "Cohen", date(2015, 9, 3)), NamedPerson("Zoë", "Khan", BORN)),
        (NamedPerson("Zoe", "Newname", BORN), NamedPerson("Zoë", "Khan", BORN)),
        (NamedPerson("Zoe", None, BORN), NamedPerson("Zoë", "Khan", BORN)),
        (NamedPerson("Zoe", "Khan", date(2016, 3, 9)), NamedPerson("Zoë", "Khan", BORN)),
        (NamedPerson("Zoe", "Khan", BORN), NamedPerson("Zoë", "Khan", None)),
    ],
)
def test_a_search_finds_the_child_behind_the_difference(query: NamedPerson, candidate: NamedPerson) -> None:
    assert found(query, candidate)
    assert similarity(query, candidate) > 0.5


def test_another_child_altogether_is_not_found() -> None:
    assert not found(NamedPerson("Daniel", "Wright", BORN), NamedPerson("Aisha", "Begum", date(2011, 1, 30)))


def test_a_first_name_alone_does_not_list_everybody_who_bears_it() -> None:
    assert not found(NamedPerson("Mohammed", None), NamedPerson("Mohammed", "Ali", BORN))


ZOE = NamedPerson("Zoë", "O'Brien-Smith", BORN)
TWIN = NamedPerson("Zara", "O'Brien-Smith", BORN)
NAMESAKE = NamedPerson("Zoe", "O'Brien-Smith", date(2008, 11, 27))
COUSIN = NamedPerson("Chloe", "Smith", date(2015, 3, 19))


@pytest.mark.parametrize(
    "query",
    [
        NamedPerson("Zoe", "O'Brien-Smith", BORN),
        NamedPerson("Zoe", "Smith", BORN),
        NamedPerson("O'Brien Smith", "Zoe", BORN),
        NamedPerson("Zoe", "Obrien-Smith", date(2015, 9, 3)),
        NamedPerson("Zoey", "OBrian Smith", BORN),
        NamedPerson("Zoe", "O'Brien-Smith", date(2015, 3, 8)),
        NamedPerson("Zoe", "Obrein-Smith", date(2015, 9, 3)),
    ],
)
@pytest.mark.parametrize("other", [TWIN, NAMESAKE, COUSIN])
def test_no_other_child_ranks_above_the_one_who_is_meant(query: NamedPerson, other: NamedPerson) -> None:
    assert similarity(query, ZOE) > similarity(query, other)


def test_day_and_month_are_exchanged_only_where_that_gives_another_date() -> None:
    assert exchange_day_and_month(date(2015, 3, 9)) == date(2015, 9, 3)
    assert exchange_day_and_month(date(2015, 3, 19)) is None
    assert exchange_day_and_month(date(2015, 3, 3)) is None


def test_a_plain_record_needs_few_keys() -> None:
    assert len(search_keys("Daniel", "Wright", BORN)) == 10
    assert len(search_keys("Zoë", "O'Brien-Smith", BORN)) <= 20
    assert len(search_keys("a b c d e f g", "h i j k l m n", BORN)) <= 70


@settings(deadline=None)
@given(names, names, dates)
def test_everybody_with_a_name_is_found_by_it(given_name: str, family: str, birth_date: date) -> None:
    person = NamedPerson(given_name, family, birth_date)
    if fold(given_name) or fold(family):
        assert found(NamedPerson(given_name, family), person)
        assert found(NamedPerson(family, given_name), person)
        assert similarity(person, person) == pytest.approx(1)


@settings(deadline=None)
@given(names, names, dates)
def test_a_swapped_day_and_month_never_hides_a_child(given_name: str, family: str, birth_date: date) -> None:
    exchanged = exchange_day_and_month(birth_date)
    if exchanged and (fold(given_name) or fold(family)):
        asked = query_keys(given_name, family, exchanged)
        assert {k for k in search_keys(given_name, family, birth_date) if k.startswith("D")} <= asked


@settings(deadline=None)
@given(names, names, names, names, dates, dates)
def test_similarity_stays_between_nothing_and_one(a: str, b: str, c: str, d: str, e: date, f: date) -> None:
    assert 0 <= similarity(NamedPerson(a, b, e), NamedPerson(c, d, f)) <= 1


@settings(deadline=None)
@given(st.text(max_size=400))
def test_folding_again_changes_nothing(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded[:200].strip()

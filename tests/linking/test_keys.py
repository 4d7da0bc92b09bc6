from datetime import date

from throughline.linking.keys import hashed_keys
from throughline.terms.names import query_keys, search_keys

SECRET = b"a secret of these tests, long enough to be one"


def test_keys_meet_on_writing_and_on_searching_and_tell_nothing() -> None:
    stored = set(hashed_keys(SECRET, search_keys("Adám", "Khan", date(2015, 3, 4))))
    sought = set(hashed_keys(SECRET, query_keys("Khan", "Adam", date(2015, 4, 3))))
    assert stored & sought
    assert all(len(key) == 22 and key.replace("-", "a").replace("_", "a").isalnum() for key in stored)


def test_another_secret_makes_other_keys() -> None:
    assert not set(hashed_keys(SECRET, ["N:ATM:KN"])) & set(hashed_keys(b"another", ["N:ATM:KN"]))


def test_order_and_repetition_do_not_matter() -> None:
    assert hashed_keys(SECRET, ["b", "a", "b"]) == hashed_keys(SECRET, ["a", "b"])

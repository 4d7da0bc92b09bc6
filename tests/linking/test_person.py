"""A person's id says nothing: not even since when they are known."""

from throughline.people.person import new_person_id


def test_an_id_is_no_clock() -> None:
    """Whoever names somebody would tell by its time whether they were met or made."""
    ids = [new_person_id() for _ in range(64)]
    assert {one.version for one in ids} == {4}
    assert sorted(ids) != ids

"""Every kind of record is governed: some sentence lets somebody see it, and some sentence lets somebody write
it."""

import pytest

from throughline.access.policy import NEVER_SEARCH, RULES, WALLS
from throughline.access.rule import Verb
from throughline.access.rules import Names, allowed_purposes, because, rules_for
from throughline.reading import catalogue
from throughline.records.catalogue import KINDS
from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind
from throughline.terms.role import Role

MADE_WITH_ANOTHER = {RecordKind.IDENTITY_NUMBER, RecordKind.PERSON}
"""Kinds that come with an identity record, and have no sentence for writing of their own."""


@pytest.mark.parametrize("kind", RecordKind)
def test_every_kind_can_be_seen_by_somebody(kind: RecordKind) -> None:
    assert any(rules_for(Verb.SEE, kind, role, purpose) for role in Role for purpose in Purpose)


@pytest.mark.parametrize("kind", sorted(set(RecordKind) - MADE_WITH_ANOTHER))
def test_every_kind_can_be_written_by_somebody(kind: RecordKind) -> None:
    assert any({Verb.WRITE, Verb.IMPORT} & set(rule.may) and kind in rule.what for rule in RULES)


def test_every_table_of_records_has_a_reader() -> None:
    assert set(KINDS) <= {kind.kind for kind in catalogue.EVERY_KIND}
    assert {kind.kind for kind in catalogue.EVERY_KIND} == set(RecordKind) - {RecordKind.PERSON}


def test_no_sentence_no_rows() -> None:
    for kind in RecordKind:
        text = because(Verb.WRITE, kind, Role.ANALYST, Purpose.OVERSIGHT, Names(r="r", m="m"))
        assert text == "null::int2"


def test_whatever_is_confidential_protected_or_walled_is_never_known_of() -> None:
    known = [rule for rule in RULES if Verb.KNOW_OF in rule.may]
    assert {kind for rule in known for kind in rule.what} == {RecordKind.SUPPORT_REPORT, RecordKind.NEED}
    assert all("STANDARD" in rule.when.name for rule in known)


def test_a_number_says_one_sentence() -> None:
    said = {rule.number: rule.sentence for rule in RULES}
    assert [rule.number for rule in RULES if said[rule.number] != rule.sentence] == []


def test_every_condition_is_in_the_glossary() -> None:
    leaves = {leaf for said in (*(r.when for r in RULES), *(w.stands for w in WALLS)) for leaf in said.leaves()}
    assert [leaf.name for leaf in leaves if not leaf.means.endswith(".")] == []
    assert len({leaf.name for leaf in leaves}) == len(leaves)


def test_who_never_searches_finds_nobody() -> None:
    assert not any(rules_for(Verb.FIND, RecordKind.PERSON, role, purpose) for role in NEVER_SEARCH for purpose in Purpose)


@pytest.mark.parametrize("role", Role)
def test_every_role_can_sign_in_for_something(role: Role) -> None:
    assert allowed_purposes(role)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.AGENCY_ADMINISTRATOR])
def test_roles_that_never_see_a_person_may_see_no_record(role: Role) -> None:
    kinds = set(RecordKind) - {RecordKind.PERSON}
    assert not any(rules_for(Verb.SEE, kind, role, purpose) for kind in kinds for purpose in Purpose)

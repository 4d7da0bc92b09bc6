"""What a viewer is told that they may do is what the policy says: no more, so that no button leads nowhere; no less, so that none is
missing."""

import pytest

from throughline.access import conditions
from throughline.access.abilities import ACTS, ACTS_OF_ANYBODY, ACTS_OF_AUDITORS, Ability, abilities, acts, searches
from throughline.access.policy import AUDITS, NEVER_SEARCH, WALLS
from throughline.access.rule import Verb
from throughline.access.rules import Names, because, rules_for
from throughline.api.schema import make_schema
from throughline.reading import catalogue
from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind
from throughline.terms.role import Role

EVERYBODY = [(role, purpose) for role in Role for purpose in Purpose]
SEEN_BY_RECORDS = RecordKind.PERSON, Verb.SEE


def never(verb: Verb, kind: RecordKind, role: Role) -> bool:
    """A wall refuses it, whatever the record is."""
    walls = [wall for wall in WALLS if wall.stands is conditions.always and verb in wall.verbs]
    return any(kind in wall.what and role in wall.roles for wall in walls)


def found(role: Role, purpose: Purpose) -> dict[tuple[RecordKind, Verb], Ability]:
    return {(one.kind, one.verb): one for one in abilities(role, purpose)}


@pytest.mark.parametrize(("role", "purpose"), EVERYBODY)
def test_each_ability_has_a_sentence_and_each_sentence_an_ability(role: Role, purpose: Purpose) -> None:
    told = found(role, purpose)
    for kind in RecordKind:
        for verb in Verb:
            numbers = {rule.number for rule in rules_for(verb, kind, role, purpose)}
            if (kind, verb) == SEEN_BY_RECORDS:
                continue
            if never(verb, kind, role):
                assert (kind, verb) not in told
            else:
                assert set(told[kind, verb].sentences if numbers else ()) == numbers
                assert bool(numbers) is ((kind, verb) in told)


@pytest.mark.parametrize(("role", "purpose"), EVERYBODY)
def test_what_can_be_seen_or_done_in_sql_is_told(role: Role, purpose: Purpose) -> None:
    """The same, asked of the text that decides: an ability is missing only where the text lets nobody in."""
    told = found(role, purpose)
    for kind in RecordKind:
        for verb in Verb:
            text = because(verb, kind, role, purpose, Names(r="r", m="m"))
            closed = text == "null::int2" or never(verb, kind, role)
            assert closed is ((kind, verb) not in told) or (kind, verb) == SEEN_BY_RECORDS


@pytest.mark.parametrize(("role", "purpose"), EVERYBODY)
def test_people_are_seen_by_whoever_sees_a_record_about_them(role: Role, purpose: Purpose) -> None:
    kinds = {kind.kind for kind in catalogue.ABOUT_PEOPLE}
    sees_some = any(kind in kinds and verb is Verb.SEE for kind, verb in found(role, purpose))
    assert (SEEN_BY_RECORDS in found(role, purpose)) is sees_some


def test_walls_that_never_open_are_honoured() -> None:
    staff, volunteer = found(Role.SCHOOL_STAFF, Purpose.SUPPORT), found(Role.VOLUNTARY_WORKER, Purpose.SUPPORT)
    assert {(kind, Verb.SEE) for kind in (RecordKind.INVOLVEMENT, RecordKind.NEED)} & staff.keys() == set()
    assert (RecordKind.NEED, Verb.KNOW_OF) not in staff
    assert (RecordKind.NEED, Verb.SEE) in volunteer
    assert (RecordKind.LEGAL_STATUS, Verb.SEE) not in found(Role.VOLUNTARY_WORKER, Purpose.PROTECTION)
    assert (RecordKind.LEGAL_STATUS, Verb.SEE) in found(Role.HEALTH_PRACTITIONER, Purpose.PROTECTION)


def test_every_mutation_is_an_act_and_every_act_a_mutation() -> None:
    mutations = make_schema()._schema.mutation_type
    assert mutations is not None
    others = {*ACTS_OF_ANYBODY, *ACTS_OF_AUDITORS}
    assert set(ACTS) | others == set(mutations.fields)
    assert not set(ACTS) & others
    assert [asks for asks in EVERYBODY if {*ACTS_OF_AUDITORS} & {*acts(*asks, is_tool=False)}] == [AUDITS]


@pytest.mark.parametrize("act", ACTS)
def test_somebody_may_do_each(act: str) -> None:
    able = [(role, purpose) for role, purpose in EVERYBODY if act in acts(role, purpose, is_tool=False)]
    assert able
    assert len(able) < len(EVERYBODY), "and not everybody"


def test_an_analyst_may_do_nothing_but_declare_a_connection() -> None:
    assert abilities(Role.ANALYST, Purpose.OVERSIGHT) == []
    assert acts(Role.ANALYST, Purpose.OVERSIGHT, is_tool=False) == ["connectionDeclare"]
    assert acts(Role.ANALYST, Purpose.OVERSIGHT, is_tool=True) == []
    assert [role for role in Role if not searches(role)] == [role for role in Role if role in NEVER_SEARCH]

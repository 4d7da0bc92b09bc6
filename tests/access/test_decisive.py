"""No sentence stands idle: without it, somebody whom its cases let in stays out."""

from dataclasses import replace

import pytest

from tests.access.portal import Portal
from tests.access.test_sentences import CASES
from throughline.access import policy, rules
from throughline.access.rule import Rule, Verb

pytestmark = pytest.mark.anyio

TRIED = {Verb.SEE, Verb.WRITE, Verb.CONFIRM, Verb.LINK, Verb.IMPORT}
NO_ACT_YET = {
    (3, Verb.WRITE),  # identity records change only with what an agency reports
    (7, Verb.WRITE),  # addresses come with files
}
SAID_BY_ANOTHER = {
    (13, Verb.WRITE),  # whatever an inclusion lead may write under 13, they may propose under 43
    (28, Verb.WRITE),  # 19 asks of a service's practitioner no more than 28
}
PARTS = [
    (place, verb)
    for place, rule in enumerate(policy.RULES)
    for verb in rule.may
    if verb in TRIED and rule.number != 1 and (rule.number, verb) not in NO_ACT_YET | SAID_BY_ANOTHER
]


@pytest.mark.parametrize(
    ("place", "verb"), PARTS, ids=lambda x: str(x) if isinstance(x, Verb) else f"{policy.RULES[x].number}, entry {x}"
)
async def test_every_entry_lets_somebody_in_whom_nothing_else_does(
    stage: Portal, monkeypatch: pytest.MonkeyPatch, place: int, verb: Verb
) -> None:
    without = [*policy.RULES]
    without[place] = _without(without[place], verb)
    monkeypatch.setattr(rules, "RULES", tuple(without))
    number = policy.RULES[place].number
    portal = Portal(stage.world, stage._gate._pool)  # with no plans of the whole policy
    for case in CASES:
        if case.number == number and case.verb is verb and case.kind in policy.RULES[place].what:
            scene, record = await case.play(portal)
            for role in case.roles:
                for purpose in case.purposes:
                    if number not in await case.outcome(scene, record, role, purpose):
                        return
    pytest.fail("nobody misses it")


def _without(rule: Rule, verb: Verb) -> Rule:
    return replace(rule, may=tuple(one for one in rule.may if one is not verb))

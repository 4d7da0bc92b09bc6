"""Faults in the policy as it is asked: walls forgotten, conditions lost."""

import pytest

from tests.proof.leaks.leak import Leak, Patch, instead, matching
from throughline.access import policy, rules
from throughline.access.rule import Verb


def forgotten(name: str) -> Patch:
    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        left = tuple(wall for wall in policy.WALLS if wall.name != name)
        assert len(left) == len(policy.WALLS) - 1, name
        monkeypatch.setattr(rules, "WALLS", left)

    return patch


def not_for(verb: Verb) -> Patch:
    """No wall stands before this verb."""

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        asked = rules.walls_for
        monkeypatch.setattr(rules, "walls_for", lambda one, *more: [] if one is verb else asked(one, *more))

    return patch


LEAKS = (
    *(Leak(f"{name} forgotten", f"{name} refuses whatever any sentence allows", forgotten(name)) for name in (
        "W1", "W1-MEANT", "W1-KEPT-AWAY", "W6", "W8", "WITHDRAWN", "NEVER-SCHOOL-STAFF", "NEVER-OTHERS-REPORTS")),
    Leak("no wall before what may be known of", "nothing walled has a KNOW_OF for anybody", not_for(Verb.KNOW_OF)),
    Leak("no wall before a search", "the walled person answers like one who does not exist", not_for(Verb.FIND)),
    Leak("another purpose's decision", "a decision counts for its one purpose", instead(" and o.purpose = me.purpose", "")),
    Leak("wrote means the agency wrote", "school staff see reports that they wrote", instead(
        "r.practitioner_id = me.actor_id", "r.agency_id = me.agency_id")),
    Leak("an address beside a confidential one", "a locator of somebody set apart is absent", instead(
        "x.is_confidential and x.withdrawn_at is null", "x.is_confidential and false")),
    Leak("any reader of a confidential address", "only those whom its custodian named", instead(
        "x.practitioner_id = me.actor_id and x.agency_id = r.agency_id", "x.agency_id = r.agency_id")),
    Leak("a number that others hold", "a number that another agency holds would tell who else knows the child", instead(
        "exists (select from portal.agency x where x.id = r.agency_id and x.kind in (", "(true or 'x' in (")),
    Leak("a refusal shown to the team", "who refused to share is seen by the lead alone", instead("not r.is_refusal", "true")),
    Leak("signed already, and still to sign", "whoever signs second sees what waits for it, and nothing else", instead(
        " and r.signed_by_id is null and r.until_on >= me.today", "")),
    Leak("a reason by whoever is of the agency", "a reason is seen by the lead and its signers", instead(
        "r.signed_by_id = me.actor_id", "r.agency_id = me.agency_id")),
    Leak("an emergency that outlives its hours", "an emergency access opens up to the instant at which its hours are over", instead(
        " and x.until_at > me.now", "")),
    Leak("an emergency that was ended", "ended early, it opens nothing from that instant on", instead(
        " and (x.ended_at is null or x.ended_at > me.now)", "")),
    Leak("an emergency decided by the day", "instants, not days: judged anew in each statement", matching(
        r" and exists \(select from portal\.emergency_access x .*?x\.ended_at > me\.now\)\)", "")),
    Leak("proposals of anybody", "a proposal is for the child's own school", instead(
        "r.state = 'PROPOSED' and m.w & ", "r.state = 'PROPOSED' or m.w & ")),
)  # fmt: skip

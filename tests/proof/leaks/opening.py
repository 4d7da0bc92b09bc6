"""Faults in what opens and closes access."""

import pytest

from tests.proof.leaks.leak import Leak, NeverAppliedError, Patch, instead
from throughline.access import implied
from throughline.access.opening import Because


def implying(old: str, new: str) -> Patch:
    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        if old not in implied.EVERYTHING:
            raise NeverAppliedError(old)
        monkeypatch.setattr(implied, "EVERYTHING", implied.EVERYTHING.replace(old, new))

    return patch


def _siblings(monkeypatch: pytest.MonkeyPatch) -> None:
    enrolled = "(select * from portal.enrolment where state = 'CONFIRMED' and withdrawn_at is null) k"
    days = "datemultirange(daterange(k.from_on, k.until_on, '[]'))"
    more = implied._and_household("k", "k.school_id", Because.ON_ROLL, "k.id", days, enrolled)
    monkeypatch.setattr(implied, "EVERYTHING", f"{implied.EVERYTHING} union all {more}")


def _unsigned(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was proposed without agreement opens before the second signature."""
    proposed = (
        f"select l.identity_record_id, x.receiver_id, {Because.COVERED:d}, g.id, datemultirange(daterange(g.from_on, g.until_on, '[]')), "
        "g.kinds, g.sensitive_kinds, 0, g.purpose from portal.sharing_reason g join portal.sharing_reason_person l on l.reason_id = g.id "
        "cross join lateral unnest(g.receiver_ids) x(receiver_id) where g.decision_id is null and g.without_agreement is not null"
    )
    monkeypatch.setattr(implied, "EVERYTHING", f"{implied.EVERYTHING} union all {proposed}")


LEAKS = (
    Leak("a withdrawn decision opens", "withdrawn from the next read on", implying("least(s.until_on, s.withdrawn_on - 1)", "s.until_on")),
    Leak("a proposed enrolment opens", "a start opens nothing until another agency has confirmed it", implying("and e.state = 'CONFIRMED' ", "")),
    Leak("an unconfirmed position opens", "a first lead from outside needs a yes from a second agency", implying(
        "p.confirmed_by_agency_id is not null and ", "")),
    Leak("an unconfirmed decision opens", "a decision needs a yes from a second agency", implying("s.confirmed_by_agency_id is not null and ", "")),
    Leak("a refusal opens", "refusing to share is recorded, and shares nothing", implying("and not s.is_refusal ", "")),
    Leak("widened sibling", "seeing one child widens nothing about another", _siblings),
    Leak("a decided contact opens", "triage sees while the contact is undecided", implying("k.decided_on - 1", "null::date")),
    Leak("what ended last month runs", "days are inclusive, and end", instead("until_on >= me.today)", "until_on >= me.today - 30)")),
    Leak("another household is the same one", "W8: membership by the word of either side", implying(
        "and b.withdrawn_at is null and b.sensitivity", "and false and b.sensitivity")),
    Leak("shared before the second signature", "without agreement two sign, and nothing is shared before", _unsigned),
    Leak("a later refusal", "whoever agreed may refuse later, and it ends", implying("fb.person_id in (li.person_id, gb.person_id)", "false")),
    Leak("a refusal by anybody", "only whoever agreed, or whom it is about, ends it by refusing", implying(
        "fb.person_id in (li.person_id, gb.person_id)", "true")),
    Leak("the outcome of a review", "it goes on only where the review said so", implying(
        "and (s.reviewed_on >= a.withdrawn_on and s.review_outcome = 'GOES_ON') is not true", "and (s.reviewed_on >= a.withdrawn_on) is not true")),
    Leak("ten days after an agreement was withdrawn", "other sharing goes on only after a decision in a set time", implying(
        "a.withdrawn_on + 10", "a.withdrawn_on + 11")),
    Leak("an agreement withdrawn", "what rests on an agreement ends with it", implying(
        "least(a.withdrawn_on, a.until_on + 1, ", "least(a.until_on + 1, ")),
    Leak("somebody else's word at 18", "from 18 on everybody agrees for themselves", implying(
        "g.agreed_by_record_id <> l.identity_record_id and gb.person_id is distinct from li.person_id", "false")),
)  # fmt: skip

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
)  # fmt: skip

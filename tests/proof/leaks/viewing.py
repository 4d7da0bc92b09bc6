"""Faults in who asks, and in what is remembered of them."""

from typing import Any

import pytest

from tests.proof.leaks.leak import Leak, instead, matching
from throughline.access.acting import Acting
from throughline.access.gate import Gate
from throughline.access.viewer import Viewer


def _cached(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer is kept and given again to whoever asks the same."""
    read, kept = Gate.read, {}

    async def remembering(self: Gate, sql: str, values: Any) -> str | None:
        key = (sql, repr(values))
        if key not in kept:
            kept[key] = await read(self, sql, values)
        return kept[key]

    monkeypatch.setattr(Gate, "read", remembering)


def _replayed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer to an act is kept with its key."""
    do, kept = Acting.do, {}

    async def remembering(self: Acting, viewer: Viewer, act: Any, answer: Any = None) -> Any:
        key = (viewer, act.mutation, act.key, act.digest)
        if key not in kept:
            kept[key] = await do(self, viewer, act, answer)
        return kept[key]

    monkeypatch.setattr(Acting, "do", remembering)


def _forgetful_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Viewer, "plan_key", property(lambda self: (self.role, self.is_tool)))


LEAKS = (
    Leak("stale role", "the role is theirs today", matching(r" and \(h\.until_on is null or h\.until_on >= \$\d+::date\)", "")),
    Leak("stopped client", "the client stands today", matching(r" and k\.disabled_at is null", "")),
    Leak("another agency's tool", "a front-end lets in its own agency's people alone", instead("and t.agency_id = p.agency_id ", "")),
    Leak("left the agency", "the practitioner stands today", matching(r" and p\.disabled_at is null", "")),
    Leak("stale member of a service", "a member of the service today", matching(
        r" and s\.from_on <= \$\d+::date and \(s\.until_on is null or s\.until_on >= \$\d+::date\)", "")),
    Leak("cached decision", "no decision is cached across requests", _cached),
    Leak("replay after revocation", "a retry is authorised anew", _replayed),
    Leak("plans kept without their purpose", "purpose is required, and part of every verdict", _forgetful_key),
)  # fmt: skip

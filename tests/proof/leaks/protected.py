"""Faults in what is kept of protected people, unborn children and requests for one's own data."""

from dataclasses import replace

import pytest

from tests.proof.leaks.leak import Leak, Patch, instead, matching
from tests.proof.leaks.opening import implying
from tests.proof.leaks.rules import forgotten
from throughline.access import policy, rules
from throughline.access.rule import Verb
from throughline.db.base import Base
from throughline.terms.record_kind import RecordKind

CUSTODY = tuple(f"drop policy if exists custody on portal.{t.name}" for t in Base.metadata.sorted_tables if t.schema == "portal")
"""Protected people show in the second wall to whomever the first lets see them."""


def not_of(name: str, kind: RecordKind) -> Patch:
    """The wall stands before every other kind."""

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        walls = tuple(
            replace(wall, what=tuple(one for one in wall.what if one is not kind)) if wall.name == name else wall
            for wall in policy.WALLS
        )
        assert walls != tuple(policy.WALLS), kind
        monkeypatch.setattr(rules, "WALLS", walls)

    return patch


def not_before(name: str, *verbs: Verb) -> Patch:
    """The wall refuses every other verb."""

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        asked = rules.walls_for
        monkeypatch.setattr(
            rules, "walls_for", lambda verb, *more: [w for w in asked(verb, *more) if w.name != name or verb not in verbs]
        )

    return patch


LEAKS = (
    Leak("W3 forgotten in both walls", "a protected identity exists only for its custodian", forgotten("W3"), sql=CUSTODY),
    Leak("a protected person is found", "the protected answer a search like one who does not exist", not_before("W3", Verb.FIND),
         sql=CUSTODY),
    Leak("a hidden identity is met by UPN on create", "what a submitter gets back never tells whether somebody is known", sql=(
        "drop policy custody on portal.search_key", "drop policy custody on portal.identity_record")),
    *(Leak(f"{kind.lower()} tells where somebody is", "every locator of protected whereabouts is absent", not_of("W4", kind)) for kind in (
        RecordKind.ADDRESS, RecordKind.ENROLMENT, RecordKind.INVOLVEMENT, RecordKind.SUPPORT_REPORT, RecordKind.TEAM_POSITION)),
    Leak("W4-LIGHT-TOUCH forgotten", "a light-touch report does not tell who works with a protected home", forgotten("W4-LIGHT-TOUCH")),
    Leak("W4-SAFE-CONTACT forgotten", "safe contact does not tell where somebody is", forgotten("W4-SAFE-CONTACT")),
    Leak("any reader of a protection", "only those whom its custodian names", instead(
        "x.protection_id = r.id and x.practitioner_id = me.actor_id", "x.protection_id = r.id")),
    Leak("W7 forgotten", "an unborn child exists only for those who are to know", forgotten("W7")),
    Leak("an unborn child of whom others wrote", "an agency that knows of an unborn child sees its own records", matching(
        r"coalesce\(r\.agency_id, me\.agency_id\) = me\.agency_id", "true")),
    Leak("a protected child's school tells of their household", "what is said of the protected opens nothing about anybody else", implying(
        "and ei.custodian_id is null ", "")),
    Leak("a request opens before it is approved", "a second person approves what is given", instead("q.state = 'APPROVED'", "true")),
    Leak("a confidential service's request opens the agency's", "a confidential service answers for itself", matching(
        r"and q\.service_id is not distinct from case when .*? end", "")),
)  # fmt: skip

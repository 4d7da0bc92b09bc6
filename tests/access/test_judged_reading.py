"""What an act wrote is judged in the statement that reads it back: that alone refuses, and then nothing of the act stays."""

from typing import Any

import pytest

from tests.access.surface import Surface
from tests.access.test_submitting import submitted
from tests.world import World
from throughline.access import rules
from throughline.access.policy import RULES
from throughline.access.writing import Verdicts
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.role import Role as R

pytestmark = pytest.mark.anyio
CHILD = {"ownId": "1", "givenName": "Sam", "dateOfBirth": "2012-04-05"}
WRITTEN = ("support_report", "identity_record", "idempotency_key", "outbox")


async def _never(*_: Any, **__: Any) -> int:
    raise AssertionError("a statement of its own")


async def counts(world: World) -> list[int]:
    return [await world.connection.fetchval(f"select count(*) from portal.{table}") for table in WRITTEN]


async def test_a_report_is_judged_where_it_is_read(world: World, surface: Surface, monkeypatch: pytest.MonkeyPatch) -> None:
    who = await world.practitioner(await world.agency(A.HEALTH), R.HEALTH_PRACTITIONER)
    monkeypatch.setattr(Verdicts, "sentence", _never)
    before = await counts(world)
    assert (await submitted(surface, who, **CHILD))["userErrors"] == []
    assert await counts(world) == [number + 1 for number in before]


async def test_what_no_sentence_lets_be_leaves_nothing_but_the_attempt(
    world: World, surface: Surface, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = await world.practitioner(await world.agency(A.HEALTH), R.HEALTH_PRACTITIONER)
    monkeypatch.setattr(Verdicts, "sentence", _never)
    monkeypatch.setattr(rules, "RULES", tuple(rule for rule in RULES if rule.number != 19))
    before = await counts(world)
    done = await submitted(surface, who, **CHILD)
    assert ([error["code"] for error in done["userErrors"]], done["supportReport"]) == (["FORBIDDEN"], None)
    assert await counts(world) == before
    outcomes = await world.connection.fetch("select outcome from audit.entry where actor_id = $1", who.id)
    assert [row["outcome"] for row in outcomes] == ["FORBIDDEN"]

"""The examples are true: sent again, from the files alone, they are answered as they say."""

from typing import Any

import pytest

from tests.conftest import Administrator
from tests.contract.normal import Placeholders
from tests.contract.portal import Portal, Seeded, Who, opened
from tests.contract.stories import BOROUGHS
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio
Recorded = dict[str, list[dict[str, Any]]]


def who(example: dict[str, Any]) -> Who | None:
    if example["role"] is None:
        return None
    return Who(Role(example["role"]), Purpose(example["purpose"]), example.get("signedInAs"))


async def replayed(portal: Portal, example: dict[str, Any], names: Placeholders) -> Any:
    return names.recorded(await portal.send(who(example), names.sent(example["request"])))


@pytest.mark.slow
@pytest.mark.parametrize("names", BOROUGHS, ids=[names[0] for names in BOROUGHS])
async def test_every_example_is_answered_as_it_says(
    names: list[str], stories: Recorded, administrator: Administrator, source: Seeded
) -> None:
    async with opened(administrator, source) as portal:
        for story in names:
            placeholders = Placeholders()
            for example in stories[story]:
                answer = await replayed(portal, example, placeholders)
                assert answer == example["response"], f"{story}, step {example['step']}: python -m tests.contract.record"


def test_every_story_was_recorded_whole(stories: Recorded) -> None:
    assert stories.keys() == {name for names in BOROUGHS for name in names}
    for story, examples in stories.items():
        assert [one["step"] for one in examples] == list(range(1, len(examples) + 1)), story

"""Two schools and those around them, with the real acts on a database of the test's own."""

import pytest

from tests.access.portal import Portal
from tests.transfer.schools import Town


@pytest.fixture
async def town(portal: Portal) -> Town:
    return await Town.built(portal)

import pytest
from uuid import UUID
from datetime import date
from tests.access.portal import Portal
from tests.world import *
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.purpose import Purpose as P
from throughline.terms.role import Role as R
from throughline.terms.record_kind import RecordKind as K
pytestmark = pytest.mark.anyio

async def test_light_touch_opens_everybody(world: World, portal: Portal) -> None:
    youth = await world.agency(A.VOLUNTARY); hub = await world.agency(A.LOCAL_AUTHORITY)
    worker = await world.practitioner(youth, R.VOLUNTARY_WORKER)
    stranger = await world.person(hub)
    await world.settle()
    assert await portal.person(worker, P.SUPPORT, stranger.person_id) is None
    await world.light_touch(worker)
    assert await portal.person(worker, P.SUPPORT, stranger.person_id) is None

async def test_light_touch_two_households(world: World, portal: Portal) -> None:
    youth = await world.agency(A.VOLUNTARY); hub = await world.agency(A.LOCAL_AUTHORITY)
    worker = await world.practitioner(youth, R.VOLUNTARY_WORKER)
    lead = await world.practitioner(hub, R.FAMILY_PRACTITIONER)
    kid = await world.person(hub)
    home = await world.home(hub, None, kid)
    await world.position(hub, lead, home, [kid], "LEAD", confirmed_by=youth)
    r = await world.light_touch(worker, home)
    await world.settle()
    assert await portal.sees(lead, P.SUPPORT, K.LIGHT_TOUCH_REPORT, r)
    await world.home(hub, home.family_id)
    await world.settle()
    assert await portal.sees(lead, P.SUPPORT, K.LIGHT_TOUCH_REPORT, r)

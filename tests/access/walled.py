"""What the tests of the walls share: a viewer to whom everything is open but for a wall."""

from typing import Any

from tests.access.portal import Portal
from tests.access.scene import Scene, open_scene
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.purpose import Purpose as P
from throughline.terms.record_kind import RecordKind as K
from throughline.terms.role import Role as R


async def sees(scene: Scene, role: R, kind: K, record: Any, purpose: P = P.SUPPORT) -> bool:
    await scene.settle()
    return await scene.portal.sees(scene.as_(role), purpose, kind, record) is not None


async def leading(stage: Portal, works_at: A = A.LOCAL_AUTHORITY, **more: Any) -> Scene:
    """The viewer leads, and a decision covers everything about the child and the mother."""
    scene = await open_scene(stage, works_at, **more)
    await scene.world.position(
        scene.maker, scene.viewer, scene.home, [scene.child, scene.mother], "LEAD", confirmed_by=scene.board.agency_id
    )
    await scene.world.decision(
        scene.maker, [scene.viewer.agency_id], [scene.child, scene.mother], sensitive=tuple(K), confirmed_by=scene.board.agency_id
    )
    return scene

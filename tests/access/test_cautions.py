"""Who must not be told, safe contact, and who must keep away: part of the record, and a wall before whoever is connected with them."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.access.portal import Portal
from tests.access.scene import Scene
from tests.access.walled import leading, sees
from tests.world import SENSITIVE, STANDARD, day
from throughline.access import openings
from throughline.reading.tree import Field
from throughline.terms.purpose import Purpose as P
from throughline.terms.record_kind import RecordKind as K
from throughline.terms.role import Role as R

pytestmark = pytest.mark.anyio

WORDS: dict[str, Any] = {"must_not_be_told": "not his father", "safe_contact": "text only"}
_SAID = {"Caution": (Field("mustNotBeTold", "must_not_be_told"), Field("safeContact", "safe_contact"))}
_OF_ITS_OWN = Field("cautions", "cautions", children=_SAID)
_OF_PARTS = Field("parts", "parts", children={"SupportReportPart": (Field("caution", "caution", children=_SAID),)})
_KEEPS_AWAY = Field("keepsAway", "keeps_away", children={"Person": (Field("id", "id"), Field("givenName", "given_name"))})
NODE = Field(
    "node", "node", {"id": lambda variables: variables["id"]},
    {"Need": (_OF_ITS_OWN,), "SupportReport": (_OF_ITS_OWN, _OF_PARTS), "CourtOrder": (_KEEPS_AWAY,)},
)  # fmt: skip


async def protecting(stage: Portal, **more: Any) -> Scene:
    """The viewer leads, and a decision covers everything about the child for PROTECTION too."""
    scene = await leading(stage, **more)
    await scene.world.decision(
        scene.maker, [scene.viewer.agency_id], [scene.child], sensitive=tuple(K), purpose=P.PROTECTION,
        confirmed_by=scene.board.agency_id,
    )  # fmt: skip
    return scene


async def stands_on(scene: Scene, kind: K, table: str, whom: UUID, sensitivity: Any = STANDARD, **more: Any) -> UUID:
    if kind is K.SUPPORT_REPORT:
        report = await scene.world.report(scene.maker, ([scene.child], STANDARD))
        part = await scene.world.connection.fetchval("select id from portal.support_report_part where report_id = $1", report)
        await scene.world.connection.execute(
            "update portal.support_report_part set must_not_be_told = 'x', must_not_be_told_id = $2 where id = $1", part, whom
        )
        return report
    if table == "parental_responsibility":
        return await scene.world.responsible(
            scene.maker, scene.mother, scene.child, scene.home, must_not_be_told="x", must_not_be_told_id=whom
        )
    said = more or {"must_not_be_told": "x", "must_not_be_told_id": whom}
    return await scene.world.about(table, scene.maker, scene.child, sensitivity, **said)


@pytest.mark.parametrize(
    ("kind", "purpose"),
    [(K.SUPPORT_REPORT, P.SUPPORT), (K.INVOLVEMENT, P.SUPPORT), (K.NEED, P.SUPPORT), (K.PARENTAL_RESPONSIBILITY, P.SUPPORT),
     (K.COURT_ORDER, P.PROTECTION)],
)  # fmt: skip
async def test_whoever_is_connected_with_who_must_not_be_told_does_not_see_the_record(stage: Portal, kind: K, purpose: P) -> None:
    scene = await protecting(stage)
    careful = SENSITIVE if kind is K.COURT_ORDER else STANDARD
    uncle, other = await scene.world.person(scene.maker, "Rob"), await scene.world.person(scene.maker, "Ned")
    record = await stands_on(scene, kind, kind.lower(), uncle.record_id, careful)
    beside = await stands_on(scene, kind, kind.lower(), other.record_id, careful)
    assert await sees(scene, R.FAMILY_PRACTITIONER, kind, record, purpose)
    elsewhere = await scene.world.known_to(scene.elsewhere, uncle.person_id)
    tie = await scene.world.connected(scene.viewer, elsewhere)  # by another identity record of the same person
    await settled(scene, uncle.person_id)
    assert not await sees(scene, R.FAMILY_PRACTITIONER, kind, record, purpose)
    assert await sees(scene, R.FAMILY_PRACTITIONER, kind, beside, purpose)
    await scene.world.change("connection", tie, ended_on=day(-1))
    await settled(scene, uncle.person_id)
    assert await sees(scene, R.FAMILY_PRACTITIONER, kind, record, purpose)


async def test_whom_it_means_walls_although_their_custodian_keeps_them(stage: Portal) -> None:
    scene = await protecting(stage)
    uncle, other = await scene.world.person(scene.maker, "Rob"), await scene.world.person(scene.maker, "Ned")
    need = await stands_on(scene, K.NEED, "need", uncle.record_id)
    order = await stands_on(scene, K.COURT_ORDER, "court_order", other.record_id, SENSITIVE, keeps_away_id=uncle.record_id)
    await scene.world.protected(scene.elsewhere, uncle)
    await settled(scene, uncle.person_id)
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.NEED, need)
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.COURT_ORDER, order, P.PROTECTION)
    await scene.world.connected(scene.viewer, uncle.record_id)
    await settled(scene, uncle.person_id)
    assert not await sees(scene, R.FAMILY_PRACTITIONER, K.NEED, need)
    assert not await sees(scene, R.FAMILY_PRACTITIONER, K.COURT_ORDER, order, P.PROTECTION)


async def test_whom_it_means_walls_although_a_service_knows_them_alone(stage: Portal) -> None:
    scene = await protecting(stage)
    uncle = await scene.world.person(scene.maker, "Rob")
    service = await scene.world.service(scene.elsewhere.agency_id)
    kept = await scene.world.known_to(scene.elsewhere, uncle.person_id, sensitivity="CONFIDENTIAL", service_id=service)
    need = await stands_on(scene, K.NEED, "need", uncle.record_id)
    await scene.settle()
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.NEED, need)
    await scene.world.connected(scene.viewer, kept)
    await settled(scene, uncle.person_id)
    assert not await sees(scene, R.FAMILY_PRACTITIONER, K.NEED, need)


async def test_whoever_is_connected_with_who_must_keep_away_does_not_see_the_order(stage: Portal) -> None:
    scene = await protecting(stage)
    uncle = await scene.world.person(scene.maker, "Rob")
    order = await stands_on(scene, K.COURT_ORDER, "court_order", uncle.record_id, SENSITIVE, keeps_away_id=uncle.record_id)
    assert await sees(scene, R.FAMILY_PRACTITIONER, K.COURT_ORDER, order, P.PROTECTION)
    await scene.world.connected(scene.viewer, uncle.record_id)
    await settled(scene, uncle.person_id)
    assert not await sees(scene, R.FAMILY_PRACTITIONER, K.COURT_ORDER, order, P.PROTECTION)


async def test_who_must_keep_away_shows_where_they_show_by_another_record(stage: Portal) -> None:
    scene = await protecting(stage)
    uncle = await scene.world.person(scene.maker, "Rob")
    order = await stands_on(scene, K.COURT_ORDER, "court_order", uncle.record_id, SENSITIVE, keeps_away_id=uncle.record_id)
    await scene.settle()
    viewer = scene.as_(R.FAMILY_PRACTITIONER)

    async def keeps_away() -> Any:
        return (await stage.ask(viewer, P.PROTECTION, NODE, id=order))["keepsAway"]

    assert await keeps_away() is None
    await scene.world.position(scene.maker, scene.viewer, scene.home, [uncle], confirmed_by=scene.board.agency_id)
    await scene.world.about("address", scene.maker, uncle)
    await settled(scene, uncle.person_id)
    assert await keeps_away() == {"id": str(uncle.person_id), "givenName": "Rob"}


async def test_a_caution_on_a_part_that_is_hidden_does_not_show(stage: Portal) -> None:
    scene = await leading(stage)
    report = await scene.world.report(scene.maker, ([scene.child], STANDARD), ([scene.stranger], STANDARD))
    for ordinal, words in ((1, "mine"), (2, "a stranger's")):
        await scene.world.connection.execute(
            "update portal.support_report_part set must_not_be_told = $2 where report_id = $1 and ordinal = $3",
            report,
            words,
            ordinal,
        )
    await scene.settle()
    viewer = scene.as_(R.FAMILY_PRACTITIONER)
    mine = {"mustNotBeTold": "mine", "safeContact": None}
    shown = await stage.ask(viewer, P.SUPPORT, NODE, id=report)
    assert shown == {"cautions": [mine], "parts": [{"caution": mine}]}
    await scene.world.position(scene.maker, scene.viewer, scene.other_home, [scene.stranger], confirmed_by=scene.board.agency_id)
    await scene.world.decision(scene.maker, [scene.viewer.agency_id], [scene.stranger], confirmed_by=scene.board.agency_id)
    await scene.settle()
    shown = await stage.ask(viewer, P.SUPPORT, NODE, id=report)
    assert [one["mustNotBeTold"] for one in shown["cautions"]] == ["mine", "a stranger's"]


async def test_it_shows_to_whoever_sees_the_record_and_goes_with_it(stage: Portal) -> None:
    scene = await leading(stage)
    need = await scene.world.about("need", scene.maker, scene.child, **WORDS)
    await scene.settle()
    said = {"mustNotBeTold": "not his father", "safeContact": "text only"}
    lead, teacher = scene.as_(R.FAMILY_PRACTITIONER), scene.as_(R.SCHOOL_STAFF)
    assert await stage.ask(lead, P.SUPPORT, NODE, id=need) == {"cautions": [said]}
    assert await stage.ask(teacher, P.SUPPORT, NODE, id=need) is None


async def test_the_second_wall_lets_nobody_mean_another_agencys_identity_record(stage: Portal) -> None:
    scene = await leading(stage)
    others = await scene.world.known_to(scene.elsewhere, scene.stranger.person_id)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with scene.world.connection.transaction():
            await scene.world.about("need", scene.maker, scene.child, must_not_be_told="x", must_not_be_told_id=others)
    own = await scene.world.known_to(scene.maker, scene.stranger.person_id)
    await scene.world.about("need", scene.maker, scene.child, must_not_be_told="x", must_not_be_told_id=own)


async def settled(scene: Scene, person_id: UUID) -> None:
    await openings.refresh(scene.world.connection, [person_id, scene.child.person_id])

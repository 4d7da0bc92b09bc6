"""The shape of the one statement: nothing is read before the viewer is entered, nothing leaves without its row in the trail."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import pytest
from graphql import OperationDefinitionNode, parse

from tests.conftest import Database
from tests.reading.documents import write_document
from tests.reading.portal import Portal, hints, opened, owned, some_viewers, viewers
from tests.reading.worlds import client_of
from throughline.access.viewer import Viewer
from throughline.db.bootstrap import APP_ROLE
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio

DIRECTORY = {
    "agency", "cluster", "feed", "service", "service_member", "practitioner", "practitioner_role", "tool", "tool_role",
    "oauth_client", "support_kind", "need_label",
}  # fmt: skip
"""Tables that say nothing about people: whoever signs in is looked up in them."""
PICTURE = """query Picture($id: ID!) { family(id: $id) { id
  members { id person { id givenName sections { kind state } } household { label } }
  sections { kind state coveredFrom } leadPractitioner { id } team { id about { id } }
  supportReports(first: 5) { totalCount pageInfo { endCursor }
    edges { cursor node { id about { id } parts { id about { id } } seenBecause { number }
      earlierVersions { version parts { partId about { id } } } } } }
  involvements { edges { node { id } } } needs { edges { node { id label } } }
  relationships { id person { id } other { id } } sharingDecisions { id receivers about { id } }
  records(first: 10) { totalCount edges { node { __typename id about { id families { id } } } } } } }"""
HISTORY = """query History($id: ID!) { person(id: $id) { id
  history(first: 50) { edges { node { id ... on SupportReport { parts { id about { id } } } } } }
  enrolments { id school { name } } attendance { id } legalStatuses { id } addresses { id } contacts { id }
  identityRecords { id } numbers { id } families { id members { id person { id } } } } }"""
NODE = "query Node($id: ID!) { node(id: $id) { id ... on Record { about { id } } ... on SupportReport { parts { id } } } }"
FAMILIES = """{ families(first: 50) { totalCount edges { node { id members { id person { id
  history(first: 3) { edges { node { id } } } } } } } } }"""
SEARCH = '{ personSearch(input: {name: "Billy O’Brien", reason: CONCERN}) { edges { node { id families { id } } } } }'
NARROWED = (
    "query Narrowed($id: ID!) { families(filter: {personId: $id, reportedSince: null}) { totalCount edges { node { id } } } }"
)
WHOLE = (PICTURE, HISTORY, NODE, FAMILIES, NARROWED, SEARCH)


@pytest.fixture
async def portal(database: Database) -> AsyncIterator[Portal]:
    async with opened(database, 11) as made:
        yield made


async def richest(portal: Portal, *, role: Role | None = None) -> tuple[Viewer, UUID]:
    """The viewer who sees most families and records, and a family that they see."""
    found = []
    for viewer in viewers(portal.world):
        sight = await portal.slow.sight(viewer) if role in (None, viewer.role) else None
        families = [family for family in portal.slow.rows.family if sight and sight.members(family)]
        if sight and families:
            found.append((len(sight.seen), viewer, families[0]))
    _, viewer, family = max(found, key=lambda one: one[0])
    return viewer, family


class Watch:
    """Every statement that reaches the database through the portal's pool, with its values."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.statements: list[tuple[str, tuple[Any, ...]]] = []
        for name in ("fetchrow", "fetch", "fetchval", "execute"):
            self._watch(monkeypatch, name)

    def _watch(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        plain = getattr(asyncpg.Connection, name)

        async def watched(connection: Any, sql: str, *values: Any, **options: Any) -> Any:
            if "portal" not in sql and "audit" not in sql:  # asyncpg's own
                return await plain(connection, sql, *values, **options)
            self.statements.append((sql, values))
            return await plain(connection, sql, *values, **options)

        monkeypatch.setattr(asyncpg.Connection, name, watched)


async def members(portal: Portal, viewer: Viewer) -> list[UUID]:
    """Of the families that the viewer sees."""
    sight = await portal.slow.sight(viewer)
    shown = [one for family in portal.slow.rows.family for one in sight.members(family)] if sight else []
    return [person for one in shown for person in one.people]


async def whole_documents(portal: Portal, viewer: Viewer) -> list[tuple[str, dict[str, Any]]]:
    given = await hints(portal, viewer)
    ids = {
        PICTURE: given.ids["family"],
        HISTORY: given.ids["person"],
        NODE: given.ids["node"],
        NARROWED: await members(portal, viewer),
    }
    return [(text, {"id": str(ids[text][0])} if text in ids else {}) for text in WHOLE if text not in ids or ids[text]]


async def test_one_statement_answers_a_root_field(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    viewer, _ = await richest(portal)
    for text, variables in await whole_documents(portal, viewer):
        watch = Watch(monkeypatch)
        assert "errors" not in orjson.loads(await portal.post(viewer, text, variables))
        assert len(watch.statements) == 1, text
        monkeypatch.undo()


def protected_scans(plan: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each scan of a table that says something about people, and the scans and subplans above it."""
    relation = plan.get("Relation Name")
    if relation and plan["Node Type"] != "ModifyTable" and relation not in DIRECTORY:
        yield relation, above
    here = f"{plan['Node Type']} {plan.get('CTE Name', plan.get('Alias', ''))} {plan.get('Subplan Name', '')} {plan.get('Parent Relationship', '')}"
    for inner in plan.get("Plans", []):
        yield from protected_scans(inner, (*above, here, f"{inner.get('Parent Relationship')} {inner.get('Subplan Name', '')}"))


def stands_beneath_me(above: tuple[str, ...]) -> bool:
    """In a subplan of the scan on `me`, which has made the settings by then."""
    made = ("CTE Scan me", "Subquery Scan entered")  # the one reads what the other has made
    scan = next((place for place, one in enumerate(above) if one.startswith(made)), None)
    return scan is not None and any(one.startswith("SubPlan") for one in above[scan + 1 :])


async def explained(portal: Portal, sql: str, values: tuple[Any, ...]) -> Any:
    async with portal.pool.acquire() as connection:
        return json.loads(await connection.fetchval(f"explain (format json) {sql}", *values))[0]["Plan"]


async def test_every_protected_scan_stands_beneath_the_scan_on_me(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    chance, scans = Random(5), 0  # noqa: S311  # repeatable, not secret
    for viewer in await some_viewers(portal, chance, 4):
        asked = await whole_documents(portal, viewer)
        for _ in range(4):
            document = write_document(chance, portal.slow.schema, await hints(portal, viewer))
            asked.append((document.text, dict(document.variables)))
        watch = Watch(monkeypatch)
        for text, variables in asked:
            await portal.post(viewer, text, variables)
        monkeypatch.undo()
        for sql, values in watch.statements:
            for relation, above in protected_scans(await explained(portal, sql, values)):
                assert stands_beneath_me(above), (relation, above, sql)
                scans += 1
    assert scans > 200


async def test_a_scan_beside_me_would_be_noticed(portal: Portal) -> None:
    async with portal.pool.acquire() as connection:
        beside = await connection.fetchval(
            "explain (format json) with me as materialized (select set_config('app.agency', 'x', true) a) "
            "select (select count(*) from portal.need), a from me"
        )
        joined = await connection.fetchval(
            "explain (format json) with me as materialized (select 1 a) select * from me, portal.need"
        )
    for plan in (beside, joined):
        found = list(protected_scans(json.loads(plan)[0]["Plan"]))
        assert found
        assert not any(stands_beneath_me(above) for _, above in found)


async def test_who_is_not_in_force_gets_nothing_and_leaves_no_entry(portal: Portal, database: Database) -> None:
    viewer, family = await richest(portal)
    before = await entries(portal)
    strangers = [
        Viewer(viewer.actor_id, "no-such-client", viewer.role, viewer.purpose),
        Viewer(UUID(int=5), viewer.client_id, viewer.role, viewer.purpose),
        Viewer(viewer.actor_id, viewer.client_id, viewer.role, viewer.purpose, is_tool=True),
    ]
    for stranger in strangers:
        await assert_refused(portal, stranger, family)
    for table, row_id in (("practitioner", viewer.actor_id), ("agency", portal.slow.rows.practitioner[viewer.actor_id].agency_id)):
        column = "disabled_at" if table == "practitioner" else "suspended_at"
        await owned(database, f"update portal.{table} set {column} = now() where id = '{row_id}'")
        await assert_refused(portal, viewer, family)
        await owned(database, f"update portal.{table} set {column} = null where id = '{row_id}'")
    await owned(
        database, f"update portal.practitioner_role set until_on = '2026-03-15' where practitioner_id = '{viewer.actor_id}'"
    )
    await assert_refused(portal, viewer, family)
    assert await entries(portal) == before


async def assert_refused(portal: Portal, viewer: Viewer, family: UUID) -> None:
    for text, variables in ((PICTURE, {"id": str(family)}), (FAMILIES, {}), ("{ viewer { role } }", {})):
        answer = orjson.loads(await portal.post(viewer, text, variables))
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]
        assert answer.keys() == {"errors"}


async def entries(portal: Portal) -> int:
    async with portal.owner.connect() as connection:
        return int((await connection.exec_driver_sql("select count(*) from audit.entry")).scalar_one())


def ids_in(answer: Any) -> set[str]:
    """Every `id` in an answer, at any depth, but for the directory's."""
    if isinstance(answer, list):
        return {found for one in answer for found in ids_in(one)}
    if not isinstance(answer, dict):
        return set()
    found = {one for inner in answer.values() for one in ids_in(inner)}
    return found | {answer["id"]} if "id" in answer else found


async def test_the_trail_holds_every_id_however_it_was_asked_for(portal: Portal) -> None:
    viewer, _ = await richest(portal)
    compared = 0
    for text, variables in await whole_documents(portal, viewer):
        shown = {UUID(one) for one in ids_in(await portal.ask(viewer, text, variables))}
        assert shown
        assert set(await portal.seen()) == shown
        for other in (re.sub(r"\bid\b(?=[ \n}])", "o1: id", text), re.sub(r"\bid\b(?=[ \n}])", "__typename", text)):
            await portal.ask(viewer, other, variables)
            assert set(await portal.seen()) == shown
            compared += len(shown)
    assert compared > 100


async def test_the_trail_holds_what_random_documents_show(portal: Portal) -> None:
    chance, telling = Random(3), 0  # noqa: S311
    for viewer in await some_viewers(portal, chance, 5):
        for _ in range(40):
            document = write_document(chance, portal.slow.schema, await hints(portal, viewer))
            operation = next(one for one in parse(document.text).definitions if isinstance(one, OperationDefinitionNode))
            if len(operation.selection_set.selections) != 1 or document.is_forged:
                continue  # each root has an entry of its own
            expected = await portal.slow.answer(viewer, document.text, document.variables)
            if expected.failed or not expected.data:
                continue
            if b"QUERY_TOO_COMPLEX" in await portal.post(viewer, document.text, document.variables):
                continue  # too many different things for one statement
            assert set(await portal.seen()) == expected.seen, (viewer, document)
            telling += bool(expected.seen)
    assert telling >= 10


async def test_no_entry_no_data(portal: Portal, database: Database) -> None:
    viewer, family = await richest(portal)
    assert (await portal.ask(viewer, PICTURE, {"id": str(family)}))["family"]
    await owned(database, f"revoke insert on audit.entry from {APP_ROLE}")
    answer = await portal.post(viewer, PICTURE, {"id": str(family)})
    assert orjson.loads(answer)["data"] == {"family": None}
    assert str(family).encode() not in answer


async def test_settings_that_another_viewer_left_behind_change_nothing(portal: Portal) -> None:
    """Session settings are never made; if they were, the statement's own would still come first."""
    viewer, _ = await richest(portal)
    expected = [await portal.post(viewer, text, variables) for text, variables in await whole_documents(portal, viewer)]
    everything = ",".join(str(row["id"]) for row in portal.world.rows["service"])
    other = next(one for one in viewers(portal.world) if one.actor_id != viewer.actor_id)
    agency = portal.world.rows["agency"][0]["id"]
    held = [await portal.pool.acquire() for _ in range(portal.pool.get_max_size())]
    for connection in held:
        for name, value in (("viewer", other.actor_id), ("agency", agency), ("services", everything)):
            await connection.execute("select set_config($1, $2, false)", f"app.{name}", str(value))
    for connection in held:
        await portal.pool.release(connection)
    again = [await portal.post(viewer, text, variables) for text, variables in await whole_documents(portal, viewer)]
    assert again == expected


async def test_a_purpose_without_sentences_reads_nothing_about_people(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    viewer, family = await richest(portal)
    idle = Viewer(viewer.actor_id, client_of(viewer.actor_id), viewer.role, Purpose.ADMINISTRATION)
    watch = Watch(monkeypatch)
    assert (await portal.ask(idle, PICTURE, {"id": str(family)}))["family"] is None
    assert (await portal.ask(idle, FAMILIES))["families"]["edges"] == []
    assert len(watch.statements) == 2

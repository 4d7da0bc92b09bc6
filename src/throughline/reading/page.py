"""Relay connections: keyset pages, newest first, with signed cursors and a count of what the viewer may see."""

from typing import Any

from throughline.reading.cursor import Place, SortType, check, cursor_sql, digest_sql, key_for, read_cursor
from throughline.reading.shape import joined, json_object, seen_row
from throughline.reading.statement import Bind, Emitted, Emitter, Occasion, Scope, Statement
from throughline.reading.tree import Field

PAGING = ("first", "after")
FIRST, MOST = 20, 100
LOWEST = {"date": "'-infinity'", "int": "-1"}


class BadPage(Exception):  # noqa: N818  # an answer, not a fault
    """`first` is not between 1 and 100. Shown to the caller as BAD_USER_INPUT."""

    def __init__(self) -> None:
        super().__init__(f"'first' must be from 1 to {MOST}.")


class Page:
    """One connection field: its binds, and the keyset condition on rows that have `day` and `id`."""

    def __init__(self, statement: Statement, wanted: Field, path: str, sort: SortType = "date", owner: str | None = None) -> None:
        """`owner`: the id (an expression) of the person or family whose list it is; its cursors serve nobody else's."""
        self.statement, self.wanted, self.path, self.sort, self.owner = statement, wanted, path, sort, owner
        if owner and "after" in wanted.arguments:
            statement.cursors.append(lambda o: self._argument(o, "after"))
        self.lowest = f"{LOWEST[sort]}::{sort}"
        self._place = ("page", id(wanted))

    def _bound(self, name: str, value: Bind, sql_type: str) -> str:
        """Bound where it is first used: PostgreSQL refuses a placeholder that nothing speaks of."""
        return self.statement.bind((self._place, name), value, sql_type)

    @property
    def first(self) -> str:
        return self._bound("first", self._first, "int")

    @property
    def key(self) -> str:
        return self._bound("key", self._key, "bytea")

    @property
    def after_day(self) -> str:
        return self._bound("day", lambda o: (place := self._after(o)) and place.day, self.sort)

    @property
    def after_id(self) -> str:
        return self._bound("id", lambda o: (place := self._after(o)) and place.row_id, "uuid")

    def _argument(self, occasion: Occasion, name: str) -> Any:
        given = self.wanted.arguments.get(name)
        return given(occasion.variables) if given else None

    def _first(self, occasion: Occasion) -> int:
        first = self._argument(occasion, "first")
        if first is None:
            return FIRST
        if not 1 <= first <= MOST:
            raise BadPage
        return int(first)

    def _key(self, occasion: Occasion) -> bytes:
        given = {name: said(occasion.variables) for name, said in self.wanted.arguments.items() if name not in PAGING}
        rest = {name: value for name, value in given.items() if value is not None}  # left out and null are the same
        return key_for(occasion.secret, occasion.viewer.seal, self.path, rest)

    def _after(self, occasion: Occasion) -> Place | None:
        cursor = self._argument(occasion, "after")
        if cursor is None:
            return None
        place = read_cursor(cursor, self.sort)
        return place if self.owner else check(self._key(occasion), place)

    def refusing(self, json: str) -> str:
        """`json`, or in its place the statement's own id where the cursor was made for somebody else's list: `Plan.check` finds
        it. Only what would be shown is refused, so the refusal tells nothing more."""
        if not self.owner or "after" not in self.wanted.arguments:
            return json
        keys = self._bound("keys", lambda o: (place := self._after(o)) and place.keys, "bytea")
        digest = self._bound("digest", lambda o: (place := self._after(o)) and place.digest, "bytea")
        is_own = f"coalesce({digest_sql(self.key, keys, self.owner)} = {digest}, {self.after_id} is null)"
        return (
            f"(case when {is_own} then {json} else to_json({self.statement.bind('entry', lambda o: o.entry_id, 'uuid')}::text) end)"
        )

    def beyond(self, day: str, row_id: str) -> str:
        """The rows after the cursor, in the order newest first; undated rows come last."""
        sort = f"(coalesce({day}, {self.lowest}), {row_id})"
        return f"({self.after_id} is null or {sort} < (coalesce({self.after_day}, {self.lowest}), {self.after_id}))"


def connection(scope: Scope, page: Page, type_name: str, rows: str, inner: Scope, node: Emitter, day: str, row_id: str) -> Emitted:
    """A page of `rows` (a select whose rows are named `inner.b`, or `inner.r` where they have no sentence of their own);
    `node` writes one of them."""
    row = inner.b or inner.r
    wanted = page.wanted.of(type_name)
    edge_type = type_name.replace("Connection", "Edge")
    cursor = (
        cursor_sql(page.key, f"{row}.{day}", f"{row}.{row_id}", page.owner) if _asks_cursor(wanted, edge_type) else "null::text"
    )
    edges = {item.key: _Edge(inner, item, edge_type, node, cursor) for item in wanted if item.name == "edges"}
    asks_more = any(item.name == "page_info" for item in wanted)  # whether there is a row beyond the page
    cut = (
        f"select c.*, coalesce(c.{day}, {page.lowest}) sorts from ({rows}) c where {page.beyond(f'c.{day}', f'c.{row_id}')} "
        f"order by sorts desc, c.{row_id} desc limit {page.first}{' + 1' * asks_more}"
    )
    if asks_more:
        cut = f"select c.*, row_number() over (order by c.sorts desc, c.{row_id} desc) place from ({cut}) c"
    columns = "".join(f", {edge.sql} {edge.column}" for edge in edges.values())
    seen = joined([seen_row(inner), *(part for edge in edges.values() for part in edge.seen)]) or "null::bytea"
    drawn = (
        f"select {f'{row}.place, ' * asks_more}{cursor} cursor, {seen} s{columns} from ({cut}) {row} {' '.join(inner.joins)} "
        f"order by {row}.sorts desc, {row}.{row_id} desc"
    )
    shown = f"filter (where z.place <= {page.first})" * asks_more
    lists = "".join(f", coalesce(json_agg(z.{e.column}) {shown}, '[]'::json) {e.column}" for e in edges.values())
    gathered = scope.lateral(
        "g",
        f"select string_agg(z.s, ''::bytea) {shown} s, count(*) > {page.first} more, "
        f"(array_agg(z.cursor) {shown})[1] first_cursor, "
        f"(array_agg(z.cursor) {shown})[least(count(*), {page.first})] last_cursor{lists} from ({drawn}) z",
    )

    def part(item: Field) -> str:
        if item.name == "edges":
            return f"{gathered}.{edges[item.key].column}"
        if item.name == "page_info":
            return _page_info(scope, item, gathered, page)
        return {"total_count": f"(select count(*) from ({rows}) x)", "__typename": f"'{type_name}'::text"}[item.name]

    return Emitted(page.refusing(json_object(scope, [(item.key, part(item)) for item in wanted])), f"{gathered}.s")


def _asks_cursor(wanted: tuple[Field, ...], edge_type: str) -> bool:
    edges = (inner.name for item in wanted if item.name == "edges" for inner in item.of(edge_type))
    return any(item.name == "page_info" for item in wanted) or "cursor" in edges


class _Edge:
    """One response key of `edges`: its column, its object, and the seen bytes beneath its nodes."""

    def __init__(self, inner: Scope, wanted: Field, edge_type: str, node: Emitter, cursor: str) -> None:
        self.column = inner.statement.alias("e")
        self.seen: list[str] = []
        pairs = [(item.key, self._part(inner, item, edge_type, node, cursor)) for item in wanted.of(edge_type)]
        self.sql = json_object(inner, pairs)

    def _part(self, inner: Scope, item: Field, edge_type: str, node: Emitter, cursor: str) -> str:
        if item.name == "node":
            emitted = node(inner, item)
            self.seen += [emitted.seen] if emitted.seen else []
            return emitted.sql
        return {"cursor": cursor, "__typename": f"'{edge_type}'::text"}[item.name]


def _page_info(scope: Scope, wanted: Field, gathered: str, page: Page) -> str:
    parts = {
        "has_next_page": f"{gathered}.more",
        "has_previous_page": f"({page.after_id} is not null)",
        "start_cursor": f"{gathered}.first_cursor",
        "end_cursor": f"{gathered}.last_cursor",
        "__typename": "'PageInfo'::text",
    }
    return json_object(scope, [(item.key, parts[item.name]) for item in wanted.of("PageInfo")])

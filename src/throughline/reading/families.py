"""The list of families. What it is narrowed by tests only what the viewer may see: the members, the positions and the reports
that the family would show them. Whatever it is narrowed by, no family is in it that would not be without."""

from collections.abc import Callable
from typing import Any

from throughline.reading import family, support_report, team_position
from throughline.reading.page import Page, connection
from throughline.reading.statement import Emitted, Scope, Statement
from throughline.reading.tree import Field


def families(scope: Scope, wanted: Field) -> Emitted:
    """A FamilyConnection. Its argument `filter`, where it is given: null, or a mapping with `person_id`, `position` and
    `since`, each null where nothing is asked of it."""
    statement = scope.statement
    page = Page(statement, wanted, "Query.families")
    alias = statement.alias("f")

    def node(place: Scope, item: Field) -> Emitted:
        found = place.lateral("x", family.family_select(statement, item, f"{place.r}.id"))
        return Emitted(f"{found}.j", f"{found}.s")

    rows = _narrowed(statement, wanted) if "filter" in wanted.arguments else _open(statement)
    edges = (item for item in wanted.of("FamilyConnection") if item.name == "edges")
    tells = any(inner.name == "node" for item in edges for inner in item.of("FamilyEdge"))
    # a family that is asked for goes into the trail by itself; of the others the cursors tell the ids
    inner = Scope(statement, alias, None, None if tells else alias)
    return connection(scope, page, "FamilyConnection", rows, inner, node, "day", "id")


_BARE = Field("id", "id", children={"Family": (Field("id", "id"),)})


def _open(statement: Statement, where: str = "true", also: Callable[[str], str] | None = None) -> str:
    """Ids of the families that are open, with the sentence that opens each: `where` speaks of the family `y` alone, and is asked
    first; `also`, of its members."""
    shown = family.family_select(statement, _BARE, "y.id", also)
    because = "(get_byte(x.s, 16) << 8 | get_byte(x.s, 17))::int2 because"  # of a bare family the trail keeps its own entry alone
    return f"select y.id, null::date as day, {because} from ({family.candidates(statement)}) y cross join lateral ({shown}) x where {where}"


def _narrowed(statement: Statement, wanted: Field) -> str:
    """`where` keeps to what indexes find; `also` decides, by what the viewer may see."""

    def asked(name: str, sql_type: str) -> str:
        def value(occasion: Any) -> Any:
            said = wanted.arguments["filter"](occasion.variables)
            return said and said[name]

        return statement.bind(("filter", id(wanted), name), value, sql_type)

    person, position, since = asked("person_id", "uuid"), asked("position", "text"), asked("since", "date")
    where = (
        f"({person} is null or y.id in (select v.family_id from portal.identity_record i join portal.membership v "
        f"on v.identity_record_id = i.id where i.person_id = {person})) "
        f"and ({position} is null or y.id in (select p.family_id from portal.team_position p where p.holder_id = me.actor_id))"
    )
    held = (
        f"r.family_id = y.id and r.holder_id = me.actor_id and r.position = {position} "
        f"and r.confirmed_by_agency_id is not null and {family.is_current('r')}"
    )

    def also(members: str) -> str:
        who = f"{members} m"
        return (
            f"({person} is null or exists (select from {who} where m.person_id = {person})) "
            f"and ({position} is null or {_some(statement, team_position.KIND, who, held)}) "
            f"and ({since} is null or {_some(statement, support_report.KIND, who, f'r.given_on >= {since}')})"
        )

    return _open(statement, where, also)


def _some(statement: Statement, kind: Any, who: str, where: str) -> str:
    return f"exists ({kind.rows(statement, who, where)})" if statement.opens(kind.kind) else "false"

"""A person as this viewer may see them. Names and birth date come from the viewer's own agency where its own system knows the
person, and from nobody else then: whoever says who somebody is learns nothing from what others call them, not even that others
know them. Where it does not, they come from the identity records of other agencies, by source order, then the latest."""

from throughline.access.standing import NOT_ANOTHER_SERVICES
from throughline.reading.because import first_of
from throughline.reading.shape import expression, joined, json_list, one_or_null, row_object
from throughline.reading.statement import Emitted, Emitter, Scope
from throughline.reading.tree import Field

BY_A_RECORD, BY_SEARCH = 1, 2
"""The sentences that let a viewer see a thin person."""
NAMES = ("given_name", "family_name", "date_of_birth", "is_unborn")


def thin(name: str) -> Emitter:
    """A field of the thin person: the first value that is set, in the viewer's own order of sources."""

    def emit(scope: Scope, _: Field) -> Emitted:
        return Emitted(f"{_names(scope)}.{name}")

    return emit


def names_of(m: str) -> str:
    """A select of the thin person's columns, for the person whose standing is `m`."""
    order = "order by (i.agency_id = me.agency_id) desc, i.source_rank, i.made_at desc, i.id"
    columns = ", ".join(f"(array_agg(i.{name} {order}) filter (where i.{name} is not null))[1] {name}" for name in NAMES)
    return (
        f"select {columns} from portal.identity_record i where i.person_id = {m}.person_id "
        f"and (not {m}.is_named or i.agency_id = me.agency_id) and {NOT_ANOTHER_SERVICES.format(i='i')}"
    )


def _names(scope: Scope) -> str:
    """The alias of the names' lateral, joined once for each person in a statement."""
    known, whose = scope.joins.names, str(scope.m)
    if whose not in known:
        known[whose] = scope.lateral("n", names_of(whose))
    return known[whose]


FIELDS: dict[str, Emitter] = {
    "id": expression("{m}.person_id"),
    "given_name": thin("given_name"),
    "family_name": thin("family_name"),
    "date_of_birth": thin("date_of_birth"),
    "is_unborn": thin("is_unborn"),
    "seen_because": first_of(BY_A_RECORD, BY_SEARCH),
}
"""The collections of a person are added by the kinds themselves (`catalogue.py`)."""


def person_list(scope: Scope, wanted: Field, rows: str) -> Emitted:
    """People (rows of PERSON_COLUMNS and `because`) as a JSON array, in order of id."""
    alias = scope.statement.alias("p")
    inner = Scope(scope.statement, alias, alias, alias)
    one = row_object(inner, "Person", wanted.of("Person"), FIELDS)
    own = Emitted(one.sql, joined([_seen(alias), one.seen]))
    return json_list(scope, rows, f"{alias}.person_id", own, Scope(scope.statement, alias, alias, None, inner.joins))


def one_person(scope: Scope, wanted: Field, rows: str) -> Emitted:
    """The only row of people as an object, or null."""
    alias = scope.statement.alias("p")
    inner = Scope(scope.statement, alias, alias, alias)
    one = row_object(inner, "Person", wanted.of("Person"), FIELDS)
    own = Emitted(one.sql, joined([_seen(alias), one.seen]))
    return one_or_null(scope, rows, own, Scope(scope.statement, alias, alias, None, inner.joins))


def same_person(scope: Scope, wanted: Field) -> Emitted:
    """The one person whom the row is about, whose standing is `scope.m`: written from the row itself, not looked up."""
    known = scope.lateral("p", "select 1::int2 because")
    inner = Scope(scope.statement, str(scope.m), scope.m, known, scope.joins)
    one = row_object(inner, "Person", wanted.of("Person"), FIELDS)
    return Emitted(one.sql, joined([f"uuid_send({scope.m}.person_id) || int2send({known}.because)", one.seen]))


def _seen(alias: str) -> str:
    return f"uuid_send({alias}.person_id) || int2send({alias}.because)"

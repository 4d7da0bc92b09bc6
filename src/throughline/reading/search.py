"""Finding people: candidates by search keys, then whoever may be found, and only then order and cut.

A finder (sentence 2) may find anybody whom no wall hides; anybody else finds among the people of whom they may see a record.
"""

from typing import Any

from throughline.access.rule import Verb
from throughline.access.rules import Names
from throughline.access.standing import NOT_ANOTHER_SERVICES, people
from throughline.reading import person
from throughline.reading.kind import Kind
from throughline.reading.page import Page, connection
from throughline.reading.shape import row_object
from throughline.reading.statement import Bind, Emitted, Scope, Statement
from throughline.reading.tree import Field
from throughline.terms.record_kind import RecordKind

BARE = (
    "(select 'STANDARD' sensitivity, null::uuid service_id, null::timestamptz withdrawn_at, "
    "null::uuid agency_id, null::uuid practitioner_id) r"
)
"""What the walls ask of a record, answered for a bare person."""


def person_because(statement: Statement, kinds: tuple[Kind, ...], verb: Verb) -> str:
    """1 where some record about person `m` is open to the viewer, 2 where they may be found; null where neither."""
    names = Names(r="r", m="m")
    if statement.opens(RecordKind.PERSON, verb) and verb is Verb.FIND:
        return statement.because(RecordKind.PERSON, names, Verb.FIND)
    some = " or ".join(f"exists ({kind.rows(statement, _WHO)})" for kind in kinds if statement.opens(kind.kind))
    walled = statement.because(RecordKind.PERSON, names)
    return f"(case when {walled} is not null and ({some or 'false'}) then 1 end)::int2"


_WHO = "(select m.*) m"


def open_people(statement: Statement, kinds: tuple[Kind, ...], which: str, verb: Verb) -> str:
    """Rows of people among those picked by `which`, with the sentence that lets the viewer see them at all."""
    return (
        f"select * from (select m.*, {person_because(statement, kinds, verb)} because "
        f"from ({people(which)}) m cross join {BARE} offset 0) m where m.because is not null"
    )


def search(scope: Scope, wanted: Field, kinds: tuple[Kind, ...], keys: Bind, name: Bind, born: Bind) -> Emitted:
    """A PersonConnection, best match first. `keys`: text[] of search keys; `name`: folded names; `born`: a date or null."""
    statement = scope.statement
    page = Page(statement, wanted, "Query.personSearch", sort="int")
    found = (
        "select i.person_id, count(distinct k.key) hits, "
        "count(distinct k.key) filter (where i.agency_id = me.agency_id) own_hits from portal.search_key k "
        f"join portal.identity_record i on i.id = k.identity_record_id where k.key = any({_bind(statement, 'keys', keys, 'text[]')}) "
        f"and {NOT_ANOTHER_SERVICES.format(i='i')} group by i.person_id"
    )
    verb = Verb.FIND if statement.opens(RecordKind.PERSON, Verb.FIND) else Verb.SEE
    alike = (
        f"similarity(lower(concat_ws(' ', n.given_name, n.family_name)), {_bind(statement, 'name', name, 'text')}) * 100 "
        f"+ case when n.date_of_birth = {_bind(statement, 'born', born, 'date')} then 60 else 0 end"
    )
    # Whom one's own agency names, one finds by that name: others' names would tell what the thin person does not.
    hits = "x.hits" if verb is Verb.FIND else "case when m.is_named then x.own_hits else x.hits end"
    rows = (
        f"select m.*, m.person_id id, ({hits} * 10 + {alike})::int score from ({found}) x "
        f"cross join lateral ({open_people(statement, kinds, 'i.person_id = x.person_id', verb)}) m "
        f"cross join lateral ({person.names_of('m')}) n where {hits} > 0"
    )
    alias = statement.alias("p")
    inner = Scope(statement, alias, alias, alias)

    def node(place: Scope, item: Field) -> Emitted:
        return row_object(place, "Person", item.of("Person"), person.FIELDS)

    return connection(scope, page, "PersonConnection", rows, inner, node, "score", "id")


def _bind(statement: Statement, name: str, value: Any, sql_type: str) -> str:
    return statement.bind(("search", name), value, sql_type)

"""`viewerCan`: what the viewer may do with a record, or about a person, and why. The policy is asked in the same statement, on the
same rows and by the same text as the act asks it; nothing is asked where nobody selects it."""

from collections.abc import Iterable

from throughline.access.permissions import (
    ACTS_ON_RECORDS,
    NEW_RECORD,
    PERSON_ACTS,
    REASONS,
    PermissionCode,
    RecordAct,
    acts_on,
)
from throughline.access.rule import Verb
from throughline.access.rules import Names, numbers
from throughline.access.standing import PERSON_COLUMNS
from throughline.access.writing import verdict
from throughline.reading.because import SENTENCE, sentence
from throughline.reading.kind import Kind
from throughline.reading.search import BARE, person_because
from throughline.reading.shape import row_object
from throughline.reading.statement import Emitted, Emitter, Fields, Scope, Statement
from throughline.reading.tree import Field
from throughline.terms.record_kind import RecordKind as K

RECORD_FIELDS, PERSON_FIELDS = {*ACTS_ON_RECORDS}, {one.act for one in PERSON_ACTS}
PERMISSION_FIELDS = {"is_allowed", "code", "reason", "mutation", "sentence"}

_ABOUT = {
    K.SUPPORT_REPORT: "select distinct l.identity_record_id from portal.support_report_part_person l where l.report_id = {r}.id",
    K.LIGHT_TOUCH_REPORT: "select null::uuid where false",
    K.RELATIONSHIP: "select distinct u from unnest(array[{r}.identity_record_id, {r}.other_identity_record_id]) u",
    K.TEAM_POSITION: "select l.identity_record_id from portal.team_position_person l where l.position_id = {r}.id",
    K.SHARING_DECISION: "select l.identity_record_id from portal.sharing_decision_person l where l.decision_id = {r}.id",
}
_ONE = "select {r}.identity_record_id"


def with_record(kind: K) -> Emitter:
    """What may be done with a record of this kind."""
    does = {one.act: one for one in acts_on(kind)}

    def emit(scope: Scope, wanted: Field) -> Emitted:
        asked = wanted.of("RecordPermissions")
        said = _verdicts(scope, kind, {does[item.name].verb for item in asked if item.name in does})
        fields: Fields = {
            act: _permission(_with_this(scope, does[act], said), does[act].mutation, _may(scope.statement, does[act]))
            if act in does
            else _permission(_always(PermissionCode.NO_SUCH_ACT), None, ())
            for act in ACTS_ON_RECORDS
        }
        return row_object(scope, "RecordPermissions", asked, fields)

    return emit


def _verdicts(scope: Scope, kind: K, verbs: Iterable[Verb]) -> str:
    """The alias of a row with a column for each verb: the sentence that lets the viewer do it to all of the record, or null."""
    statement = scope.statement
    asked = [verb for verb in Verb if verb in verbs and numbers(verb, kind, statement.role, statement.purpose)]
    if not asked:
        return ""
    about = scope.lateral("a", f"select array({_ABOUT.get(kind, _ONE).format(r=scope.r)}) ids offset 0") + ".ids"
    expected = "1" if kind is K.LIGHT_TOUCH_REPORT else f"cardinality({about})"
    columns = [
        verdict(verb, kind, statement.role, statement.purpose, record=f"{scope.r}.id", expected=expected, about=about)
        + f" {verb.lower()}"
        for verb in asked
    ]
    return scope.lateral("a", f"select {', '.join(columns)} offset 0")


def _may(statement: Statement, act: RecordAct) -> tuple[int, ...]:
    """The sentences by which it could be done."""
    by_act = numbers(act.verb, act.kind, statement.role, statement.purpose)
    return tuple(dict.fromkeys(by_act + (statement.numbers(act.kind) if act.anyway != "false" else [])))


def _with_this(scope: Scope, act: RecordAct, said: str) -> str:
    """A select of `code` and `n`, the sentence."""
    statement, code = scope.statement, PermissionCode
    may = bool(numbers(act.verb, act.kind, statement.role, statement.purpose))
    if not may and act.anyway == "false":
        return _always(code.NOT_YOUR_ROLE)
    number = f"{said}.{act.verb.lower()}" if may else "null::int"
    settled, anyway, whole = (text.format(r=scope.r, b=scope.b) for text in (act.settled, act.anyway, act.whole))
    own = f"when {scope.r}.agency_id <> me.agency_id then '{code.NOT_YOUR_AGENCY}' " if act.is_own else ""
    return (
        f"select x.code, case when x.code = '{code.ALLOWED}' then case when {anyway} then {scope.b}.because else {number} end end n from ("
        f"select case when {scope.r}.withdrawn_at is not null then '{code.WITHDRAWN}' {own}when {anyway} then '{code.ALLOWED}' "
        f"when {number} is null or not ({whole}) then '{code.NOT_ALLOWED if may else code.NOT_YOUR_ROLE}' "
        f"when {settled} then '{code.SETTLED}' else '{code.ALLOWED}' end code) x"
    )


def _always(code: PermissionCode) -> str:
    return f"select '{code}'::text code, null::int n"


def _permission(verdict_of: str, mutation: str | None, may: tuple[int, ...]) -> Emitter:
    """A Permission, of a select of `code` and `n`."""

    def emit(scope: Scope, wanted: Field) -> Emitted:
        statement, row = scope.statement, scope.lateral("a", verdict_of)
        reasons = " ".join(f"when '{code}' then {statement.constant(said, 'text')}" for code, said in REASONS.items())

        def by_which(_: Scope, item: Field) -> Emitted:
            cases = " ".join(f"when {n} then {statement.constant(sentence(SENTENCE[n], item), 'text')}" for n in may)
            return Emitted(f"(case {row}.n {cases} end)::json" if may else "null::json")

        fields: Fields = {
            "is_allowed": lambda *_: Emitted(f"({row}.code = '{PermissionCode.ALLOWED}')"),
            "code": lambda *_: Emitted(f"{row}.code"),
            "reason": lambda *_: Emitted(f"(case {row}.code {reasons} end)"),
            "mutation": lambda *_: Emitted(statement.constant(mutation, "text")),
            "sentence": by_which,
        }
        return row_object(scope, "Permission", wanted.of("Permission"), fields)

    return emit


def about_person(kinds: tuple[Kind, ...]) -> Emitter:
    """What may be recorded about a person. `kinds`: of one of these the viewer must see a record, as an act asks."""

    def emit(scope: Scope, wanted: Field) -> Emitted:
        statement, asked = scope.statement, wanted.of("PersonPermissions")
        named = {item.name for item in asked}
        acts = [act for act in PERSON_ACTS if act.act in named]
        may = {act.act: tuple(numbers(Verb.WRITE, act.kind, statement.role, statement.purpose)) for act in acts}
        able = [act for act in acts if may[act.act]]
        said = _hypothetical(scope, kinds, [(act.act, act.kind) for act in able]) if able else ""
        fields: Fields = {
            act.act: _permission(_about_them(said, act.act) if may[act.act] else _always(PermissionCode.NOT_YOUR_ROLE), act.mutation,
                                 may[act.act])
            for act in acts
        }  # fmt: skip
        return row_object(scope, "PersonPermissions", asked, fields)

    return emit


def _about_them(said: str, act: str) -> str:
    code = PermissionCode
    return f"select case when {said}.{act} is null then '{code.NOT_ALLOWED}' else '{code.ALLOWED}' end code, {said}.{act} n"


def _hypothetical(scope: Scope, kinds: tuple[Kind, ...], acts: list[tuple[str, K]]) -> str:
    """The alias of a row with a column for each act: the sentence that would let the new record be, or null. Whoever names somebody
    by `personId` has an identity record of their own for them from then on."""
    statement, names = scope.statement, Names(r="r", m="m")
    standing = ", ".join("true is_own" if column == "is_own" else f"{scope.m}.{column}" for column in PERSON_COLUMNS)
    judged = ", ".join(f"{statement.because(kind, names, Verb.WRITE)} {act}" for act, kind in acts)
    columns = ", ".join(f"case when s.is_seen then j.{act} end {act}" for act, _ in acts)
    seen = f"({scope.b}.because = 1 and exists (select from {BARE} cross join (select {scope.m}.*) m where {_unwalled(statement)}))"
    if statement.opens(K.PERSON, Verb.FIND):  # found by search, and perhaps nothing more
        by_record = person_because(statement, kinds, Verb.SEE)
        seen = (
            f"({seen} or {scope.b}.because = 2 and (select {by_record} from {BARE} cross join (select {scope.m}.*) m) is not null)"
        )
    return scope.lateral(
        "a",
        f"select {columns} from (select {seen} is_seen) s cross join (select {judged} from {NEW_RECORD} "
        f"cross join (select {standing}) m) j offset 0",
    )


def _unwalled(statement: Statement) -> str:
    return f"{statement.because(K.PERSON, Names(r='r', m='m'))} is not null"

"""What a picture holds of each kind: shown, withheld, or why there is nothing. A confidential record never shows through."""

from collections.abc import Sequence

from throughline.access.rule import Verb
from throughline.reading.kind import Kind
from throughline.reading.shape import json_object
from throughline.reading.statement import Emitted, Emitter, Scope, Statement
from throughline.reading.tree import Field
from throughline.terms.work import SectionState as S


def sections(kinds: Sequence[Kind]) -> Emitter:
    """One PictureSection for each kind, in this order. Coverage comes from feeds, so it is the same for a whole area."""

    def emit(scope: Scope, wanted: Field) -> Emitted:
        rows = [_section(scope, wanted, kind) for kind in kinds]
        return Emitted(f"json_build_array({', '.join(rows)})")

    return emit


def _section(scope: Scope, wanted: Field, kind: Kind) -> str:
    feed = scope.lateral(
        "f",
        "select min(x.covered_from) covered_from, max(x.covered_to) covered_to, "
        "max(x.covered_to + x.promised_every_days) promised from portal.feed x "
        f"where x.area = me.area and x.kind = '{kind.kind}'",
    )
    parts = {
        "kind": f"'{kind.kind}'::text",
        "state": _state(scope.statement, scope.who, kind, feed),
        "covered_from": f"{feed}.covered_from",
        "covered_to": f"{feed}.covered_to",
        "__typename": "'PictureSection'::text",
    }
    return json_object(scope, [(item.key, parts[item.name]) for item in wanted.of("PictureSection")])


def _state(statement: Statement, who: str, kind: Kind, feed: str) -> str:
    visible = f"exists ({kind.rows(statement, who)})" if statement.opens(kind.kind) else "false"
    may_know = kind.known and statement.opens(kind.kind, Verb.KNOW_OF)
    known = kind.known(kind, statement, who) if may_know and kind.known else "false"
    return (
        f"(case when {visible} then '{S.VISIBLE}' when {known} then '{S.WITHHELD}' "
        f"when {feed}.covered_to is null then '{S.NOT_CONNECTED}' "
        f"when {feed}.promised < me.today then '{S.STALE}' else '{S.NONE_RECORDED}' end)"
    )

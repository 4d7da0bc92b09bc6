"""Faults in how answers are put together: lists, counts, orders, pages, paths, history, search."""

from dataclasses import replace
from typing import Any

import pytest

from tests.proof.leaks.leak import Leak, Patch, in_text, instead, matching
from throughline.access.standing import people
from throughline.reading import address, catalogue, court_order, families, page, person, published_count, search
from throughline.reading.cursor import cursor_sql
from throughline.reading.kind import Kind
from throughline.reading.page import BadPage
from throughline.reading.reader import Reader
from throughline.reading.statement import Statement
from throughline.terms.record_kind import RecordKind


def _balanced(text: str, start: int) -> int:
    """Where the parenthesis that opens at `start` closes."""
    depth = 0
    for place in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return place
    raise ValueError(text[start : start + 80])


def _counts_first(text: str) -> str:
    """Counts are taken before anything is judged."""
    head, found, place = "(select count(*) from (", [], 0
    while (start := text.find(head, place)) >= 0:
        end = _balanced(text, start)
        found += [text[place:start], text[start:end].replace("c.because is not null", "true")]
        place = end
    return "".join([*found, text[place:]])


def _unjudged(kind: Kind, statement: Statement, who: str, where: str) -> str:
    return kind.reach(kind, statement, who, where).replace("c.because is not null", "true")


def _nested(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = address.KIND
    reach = lambda _, *asked: _unjudged(kind, *asked)  # noqa: E731
    monkeypatch.setitem(person.FIELDS, "addresses", catalogue.listed(replace(kind, reach=reach)))


def _kept_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever must keep away is named wherever the order shows."""

    def named(scope: Any, wanted: Any) -> Any:
        which = f"i.person_id = (select w.person_id from portal.identity_record w where w.id = {scope.r}.keeps_away_id)"
        return person.one_person(scope, wanted, f"select m.*, 1::int2 because from ({people(which)}) m")

    monkeypatch.setitem(court_order.FIELDS, "keeps_away", named)


def _published(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published_count, "may_see_published", lambda *_: True)


def _hidden_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    some = families._some

    def unjudged(statement: Any, kind: Kind, who: str, where: str) -> str:
        if kind.kind is not RecordKind.SUPPORT_REPORT:
            return some(statement, kind, who, where)
        return f"exists (select from {who} join portal.support_report_part_person r on r.identity_record_id = any(m.ids) where {where})"

    monkeypatch.setattr(families, "_some", unjudged)


def _told_by_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    cursor = cursor_sql

    def telling(key: str, day: str, row_id: str, owner: str | None = None) -> str:
        return f"({cursor(key, day, row_id, owner)} || (select count(*) from portal.involvement)::text)"

    monkeypatch.setattr(page, "cursor_sql", telling)


_THERE = (
    "select exists (select from portal.person where id = $1 union all select from portal.need where id = $1 "
    "union all select from portal.involvement where id = $1 union all select from portal.support_report where id = $1 "
    "union all select from portal.family where id = $1 union all select from portal.assignment where id = $1)"
)


def where_hidden(then: str) -> Patch:
    """Of what is there and does not show, the server learns that it is there, and `then` tells how that shows."""

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        answer = Reader.answer

        async def asked(self: Reader, wanted: Any, viewer: Any, variables: Any, **more: Any) -> str | None:
            found = await answer(self, wanted, viewer, variables, **more)
            if found is None and "id" in wanted.arguments:
                async with self._gate._pool.acquire() as connection:
                    is_there = await connection.fetchval(_THERE, wanted.arguments["id"](variables))
                    if is_there and then == "work":
                        await connection.fetchval("select 1")
                if is_there and then == "error":
                    raise BadPage
            return found

        monkeypatch.setattr(Reader, "answer", asked)

    return patch


def _slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the same statement: whoever is there and does not show takes two milliseconds more."""
    rows = search.open_people
    shown = "where m.because is not null"
    monkeypatch.setattr(search, "open_people", lambda *asked: rows(*asked).replace(shown, f"{shown} or pg_sleep(0.002) is null"))


LEAKS = (
    Leak("any person of a part", "W5: a part shows only to viewers allowed it for every person in it", instead(
        "having count(*) = max(x.people) and bool_and(x.because is not null)", "having bool_or(x.because is not null)")),
    Leak("hidden parts of a shown report", "the common part shows with the open parts alone", matching(
        r"from portal\.support_report_part v where v\.id = any\((\w+)\.parts\)",
        r"from portal.support_report_part v where v.report_id = (select y.report_id from portal.support_report_part y where y.id = (\1.parts)[1])")),
    Leak("a relationship open for one", "a relationship is open only if it is open for both", instead(
        "select case when count(*) = 2 then min(x.because) end because", "select min(x.because) because")),
    Leak("about names everybody", "`about` lists only people whose parts they receive", matching(
        r"(array_agg\(x\.person_id\) shown from \(.*?\) x) where x\.because is not null", r"\1")),
    Leak("count before filter", "no count shows that others exist", in_text(_counts_first)),
    Leak("hidden sort column", "no order shows that others exist", matching(
        r"order by (\w+)\.from_on, \1\.id",
        r"order by (select sum(hashtext(h.id::text)::bigint) from (select id, identity_record_id from portal.involvement union all "
        r"select id, identity_record_id from portal.need union all select id, identity_record_id from portal.assignment union all "
        r"select id, identity_record_id from portal.contact) h where h.identity_record_id = any(\1.ids)), \1.from_on, \1.id")),
    Leak("hidden filter column", "a filter tests only what the viewer may see", _hidden_filter),
    Leak("published to everybody", "an analyst may see published aggregates, and nobody else", _published),
    Leak("nested path", "single rows, lists and nested fields cannot disagree", _nested),
    Leak("node tells what is there", "forbidden equals absent, byte for byte", where_hidden("error")),
    Leak("one statement more for what is hidden", "forbidden equals absent, in the work that it takes", where_hidden("work")),
    Leak("two milliseconds for what is hidden", "forbidden equals absent, in timing", _slowly, is_slow=True),
    Leak("cursor content", "no cursor shows that others exist", _told_by_cursor),
    Leak("a hidden row kills its siblings", "what is not shown changes nothing that can be observed", matching(
        r"where (f\d+)\.id = (\S+) and (\w+)\.because is not null",
        r"where \1.id = \2 and \3.because is not null and not exists (select from portal.membership hm "
        r"where hm.family_id = \1.id and hm.withdrawn_at is not null)")),
    Leak("history of what is closed", "earlier versions show all together or not at all", instead(
        "when bool_and(x.seen is not null and x.because is not null) then", "when bool_or(x.seen is not null) then")),
    Leak("history as it is now", "the stricter of then and now decides", instead(
        " union all select h.sensitivity, (h.body ->> 'is_released')::boolean, (h.body ->> 'must_not_be_told_id')::uuid "
        "from portal.record_history h where h.record_id = l.part_id", "")),
    Leak("whom an earlier version meant", "W1-MEANT holds for an earlier version as it was then", instead(
        "(h.body ->> 'must_not_be_told_id')::uuid", "l.must_not_be_told_id")),
    Leak("whoever must keep away", "who must keep away shows only where they show by another record", _kept_away),
    Leak("names that others say", "names come from the own agency's identity records alone, where it has one", matching(
        r"\(not \w+\.is_named or i\.agency_id = me\.agency_id\)", "true")),
    Leak("shown and not in the trail", "every id that is shown is in the trail", instead("(answer.p).s, ", "substring((answer.p).s from 19), ")),
)  # fmt: skip

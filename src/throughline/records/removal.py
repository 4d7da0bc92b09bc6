"""Takes units out of the database with everything that belongs to them or speaks of them: parts, people, earlier versions, events of
the outbox, keys of acts, search keys and claims; and, with a person, who they are. What was taken is kept as long as its proof is made.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table

from throughline.db.columns import new_id
from throughline.linking.keys import apart_keys
from throughline.records import units
from throughline.records.due import Unit
from throughline.records.support_report import SupportReportPart
from throughline.terms.because import Because
from throughline.terms.record_kind import RecordKind
from throughline.terms.work import ConnectionKind

_PART: Table = SupportReportPart.__table__  # type: ignore[assignment]
NAMES_RECORDS = (
    ("portal.outbox", "record_id"), ("portal.idempotency_key", "record_id"), ("portal.opening", "source_id"),
    ("portal.opening", "subject_id"), ("portal.left_out", "left_out_id"), ("audit.shown", "row_id"),
)  # fmt: skip
"""Columns that hold ids of records, people and households and are no foreign keys; `record_history` and `unusual_access` beside."""


class Removal:
    """On a connection of the owner, within a transaction. `of`: the one person who is erased; None: whoever's time is over."""

    def __init__(self, connection: Any, secret: bytes, of: UUID | None = None) -> None:
        self._connection, self._secret, self._of = connection, secret, of
        self._content: dict[UUID, list[str]] = defaultdict(list)
        self._places: dict[str, set[UUID]] = {"household_id": set(), "family_id": set()}
        self.gone: list[Unit] = []

    def contents(self) -> Iterator[tuple[Unit, bytes]]:
        """Each unit that went, with everything that went with it."""
        for unit in self.gone:
            yield unit, "\n".join(sorted(self._content[unit.unit_id])).encode()

    async def remove(self, wanted: Sequence[Unit]) -> None:
        of_kind: dict[str, list[Unit]] = defaultdict(list)
        for unit in wanted:
            of_kind[RecordKind.SUPPORT_REPORT if unit.kind == RecordKind.LIGHT_TOUCH_REPORT else unit.kind].append(unit)
        for kind in units.kinds():
            if of_kind[kind]:
                await self._records(kind, of_kind[kind])
        await self._people(of_kind[RecordKind.IDENTITY_RECORD])
        await self._empty_places()

    async def _records(self, kind: RecordKind, wanted: list[Unit]) -> None:
        wanted = [unit for unit in wanted if unit.record_id not in await self._referred_to(kind, wanted)]
        if kind is RecordKind.SUPPORT_REPORT:
            await self._reports(wanted)
            return
        shared = await self._shared(kind, wanted) if self._of else set()
        await self._take(units.table(kind), "id", {unit.unit_id: unit.unit_id for unit in wanted if unit.unit_id not in shared})
        if shared:
            await self._take_names(kind, shared)
        self.gone += wanted

    async def _referred_to(self, kind: RecordKind, wanted: list[Unit]) -> set[UUID]:
        """Records on which another record stands still."""
        ids = [unit.record_id for unit in wanted]
        found: set[UUID] = set()
        for column in units.referring_records(kind):
            rows = await self._connection.fetch(
                f"select {column.name} id from {column.table} where {column.name} = any($1)",
                ids,  # our names
            )
            found |= {row["id"] for row in rows}
        return found

    async def _reports(self, wanted: list[Unit]) -> None:
        """Parts; and a report once it has none any more, or never had."""
        parts = {unit.unit_id: unit for unit in wanted if unit.unit_id != unit.record_id}
        await self._take(_PART, "id", {part: part for part in parts})
        self.gone += parts.values()
        whole = {unit.record_id: replace(unit, unit_id=unit.record_id) for unit in wanted}
        rows = await self._connection.fetch(_EMPTY_REPORTS, list(whole))
        empty = {row["id"]: whole[row["id"]] for row in rows}
        await self._take(units.table(RecordKind.SUPPORT_REPORT), "id", {one: one for one in empty})
        self.gone += empty.values()

    async def _shared(self, kind: RecordKind, wanted: list[Unit]) -> set[UUID]:
        """Records that name others beside the person: the name goes, and the record stays for them."""
        if units.goes_whole(kind):
            return set()
        rows = await self._connection.fetch(
            f"select n.record_id from ({units.named(kind)}) n where n.record_id = any($1) and n.person_id <> $2",
            [unit.unit_id for unit in wanted], self._of,
        )  # fmt: skip
        return {row["record_id"] for row in rows}

    async def _take_names(self, kind: RecordKind, shared: set[UUID]) -> None:
        for column, owner in units.naming(kind):
            assert owner is not None  # noqa: S101  # as `_shared` found
            name, table = owner.name, column.table
            rows = await self._connection.fetch(
                f"delete from {table} t using portal.identity_record i where t.{name} = any($1) and i.id = t.{column.name} "
                f"and i.person_id = $2 returning t.{name} owner, to_jsonb(t)::text said",
                list(shared), self._of,
            )  # fmt: skip
            self._keep(rows, {one: one for one in shared})
        if kind is RecordKind.SHARING_REASON:
            await self._take_words(shared)

    async def _take_words(self, reasons: set[UUID]) -> None:
        """A reason that a custodian kept because of the person follows whom it still names. What it says in words, which nobody else may
        have read, goes: only what was chosen from lists stays, and that somebody must not be told."""
        let_go = [row["id"] for row in await self._connection.fetch(_LET_GO, list(reasons))]
        for sql in (_EARLIER, _IN_WORDS):
            self._keep(await self._connection.fetch(sql, let_go), {one: one for one in let_go})
        await self._connection.execute(_WITHOUT_WORDS, let_go)

    async def _take(self, table: Table, column: str, owners: Mapping[UUID, UUID]) -> None:
        """Rows of a table, whatever belongs to them, and whatever speaks of them. `owners`: to which unit a row goes, by what stands in
        its column."""
        if not owners:
            return
        if "id" in table.c:
            rows = await self._connection.fetch(
                f"select id, {column} owner from {table} where {column} = any($1)",
                list(owners),  # our names
            )
            own = {row["id"]: owners[row["owner"]] for row in rows}
            for belonging in units.belonging(table):
                await self._take(belonging.table, belonging.name, own)
            await self._forget(own)
        rows = await self._connection.fetch(
            f"delete from {table} t where t.{column} = any($1) returning t.{column} owner, to_jsonb(t)::text said",
            list(owners),
        )
        self._keep(rows, owners)

    async def _forget(self, own: Mapping[UUID, UUID]) -> None:
        """Earlier versions; events, keys of acts, openings and looks that name these rows."""
        rows = await self._connection.fetch(
            "delete from portal.record_history t where record_id = any($1) returning record_id owner, to_jsonb(t)::text said",
            list(own),
        )
        self._keep(rows, own)
        for table, column in NAMES_RECORDS:
            await self._connection.execute(f"delete from {table} where {column} = any($1)", list(own))

    def _keep(self, rows: Iterable[Any], owners: Mapping[UUID, UUID]) -> None:
        for row in rows:
            self._content[owners[row["owner"]]].append(row["said"])
            said = json.loads(row["said"])
            for name, found in self._places.items():
                if said.get(name):
                    found.add(UUID(said[name]))

    async def _people(self, wanted: list[Unit]) -> None:
        for unit in wanted:
            await self._person(unit)

    async def _person(self, unit: Unit) -> None:
        rows = await self._connection.fetch(
            "select id, agency_id, service_id from portal.identity_record where person_id = $1", unit.unit_id
        )
        ids = [row["id"] for row in rows]
        own = {one: one for one in ids}
        linked = await self._connection.fetch(_LINKED, ids)
        if self._of:
            await self._connection.execute(_FORGET_FILES, [row["agency_id"] for row in rows], ids)
        await self._claims(ids, {row["service_id"] for row in rows} - {None})
        await self._take(units.IDENTITY, "id", own)
        people = list({unit.unit_id, *(row["id"] for row in linked)})
        await self._forget(dict.fromkeys(people, unit.unit_id))
        await self._connection.execute(_WITHOUT_WHOM, people)
        free = " and ".join(
            f"not exists (select from {column.table} x where x.{column.name} = t.id)" for column in units.referring(units.PERSON)
        )
        gone = await self._connection.fetch(
            f"delete from portal.person t where t.id = any($1) and {free} returning t.id owner, to_jsonb(t)::text said",
            people,
        )
        self._keep(gone, dict.fromkeys(people, unit.unit_id))
        self.gone.append(replace(unit, kind=RecordKind.PERSON))
        self.gone += [replace(unit, unit_id=row["id"], record_id=row["id"], agency_id=row["agency_id"]) for row in rows]

    async def _claims(self, ids: list[UUID], services: set[UUID]) -> None:
        """Link keys that nobody else says, and what was claimed with them."""
        keys = [row["key"] for row in await self._connection.fetch(_ONLY_THEIRS, ids)]
        apart = [key for service in services for key in apart_keys(self._secret, keys, service)]
        await self._connection.execute("delete from portal.link_key where key = any($1)", [*keys, *apart])

    async def _empty_places(self) -> None:
        """Households and families that nothing names any more."""
        for name, table in (("household_id", units.HOUSEHOLD), ("family_id", units.FAMILY)):
            free = " and ".join(
                f"not exists (select from {column.table} x where x.{column.name} = t.id)" for column in units.referring(table)
            )
            rows = await self._connection.fetch(
                f"delete from {table} t where t.id = any($1) and {free} returning to_jsonb(t) ->> 'family_id' family_id, t.id",
                list(self._places[name]),
            )
            self._places["family_id"] |= {UUID(row["family_id"]) for row in rows if row["family_id"]}
            await self._forget({row["id"]: row["id"] for row in rows})


async def keep_walls(connection: Any, person_id: UUID, now: datetime) -> None:
    """Before somebody is erased: whoever does not exist for a practitioner because they share a household with this person goes on not
    existing for them, by a connection of their own (wall W1); and where they are stays protected, by a mark of their own (wall W4)."""
    for row in await connection.fetch(_WALLED_BY, person_id, Because.CONNECTED):
        await connection.execute(
            "insert into portal.connection (id, agency_id, practitioner_id, identity_record_id, kind, made_at) values ($1, $2, $3, $4, $5, $6)",
            new_id(), row["agency_id"], row["practitioner_id"], row["subject_id"], ConnectionKind.HOUSEHOLD, now,
        )  # fmt: skip
    for row in await connection.fetch(_HIDDEN_BY, person_id, Because.HIDDEN_PLACE):
        mark_id = new_id()
        await connection.execute(_MARKED, mark_id, row["id"], row["identity_record_id"], now)
        await connection.execute(_ITS_READERS, mark_id, row["id"])


_EMPTY_REPORTS = """
    select r.id from portal.support_report r where r.id = any($1)
    and not exists (select from portal.support_report_part p where p.report_id = r.id)
"""
_LINKED = """
    select unnest(array[e.person_id, e.from_person_id]) id from portal.link_event e where e.identity_record_id = any($1)
"""
# What somebody did who looked at them stays: of whom is told to nobody, and an id that leads nowhere keeps two such rows apart.
_WITHOUT_WHOM = "update portal.unusual_access set person_id = gen_random_uuid() where person_id = any($1)"
_ONLY_THEIRS = """
    select distinct k.key from portal.search_key k where k.identity_record_id = any($1)
    and not exists (select from portal.search_key o where o.key = k.key and o.identity_record_id <> all($1))
"""
_KEEPER = "app.custodian_of(array(select n.identity_record_id from portal.sharing_reason_person n where n.reason_id = t.id))"
_LET_GO = f"select t.id from portal.sharing_reason t where t.id = any($1) and t.custodian_id is distinct from {_KEEPER}"
_EARLIER = "delete from portal.record_history t where t.record_id = any($1) returning t.record_id owner, to_jsonb(t)::text said"
_IN_WORDS = "select t.id owner, to_jsonb(t)::text said from portal.sharing_reason t where t.id = any($1)"
_WITHOUT_WORDS = f"""
    update portal.sharing_reason t set custodian_id = {_KEEPER}, judged_able_reason = null, note = null, safe_contact = null,
      explanation = case when t.explanation is not null then 'Erased with somebody whom it named.' end,
      must_not_be_told = case when t.must_not_be_told is not null then 'Erased with somebody whom it named.' end
    where t.id = any($1)
"""
_FORGET_FILES = """
    update portal.imported_file f set content = null where f.content is not null and (f.agency_id = any($1) or exists (
      select from portal.identity_number n where n.identity_record_id = any($2) and position(convert_to(n.value, 'UTF8') in f.content) > 0))
"""
_WALLED_BY = """
    select distinct c.agency_id, c.practitioner_id, o.subject_id from portal.connection c
    join portal.identity_record i on i.id = c.identity_record_id
    join portal.opening o on o.source_id = c.id and o.because = $2
    join portal.identity_record s on s.id = o.subject_id
    where i.person_id = $1 and c.ended_on is null and o.until_on is null and s.person_id <> $1
    and not exists (select from portal.connection x join portal.identity_record xi on xi.id = x.identity_record_id
      where x.practitioner_id = c.practitioner_id and xi.person_id = s.person_id and x.ended_on is null)
"""
_HIDDEN_BY = """
    select distinct on (k.id, s.person_id) k.id, s.id identity_record_id from portal.protection k
    join portal.identity_record i on i.id = k.identity_record_id
    join portal.opening o on o.source_id = k.id and o.because = $2
    join portal.identity_record s on s.id = o.subject_id
    where i.person_id = $1 and k.until_on is null and o.until_on is null and s.person_id <> $1
    and not exists (select from portal.protection x join portal.identity_record xi on xi.id = x.identity_record_id
      where x.agency_id = k.agency_id and x.what = k.what and xi.person_id = s.person_id and x.until_on is null and x.withdrawn_at is null)
    order by k.id, s.person_id, s.id
"""
_MARKED = """
    insert into portal.protection (id, version, sensitivity, made_at, agency_id, service_id, practitioner_id, identity_record_id, what, reason,
      from_on)
    select $1, 1, k.sensitivity, $4, k.agency_id, k.service_id, k.practitioner_id, $3, k.what, 'Lived with somebody who was protected.',
      k.from_on from portal.protection k where k.id = $2
"""
_ITS_READERS = """
    insert into portal.protection_reader (protection_id, practitioner_id, agency_id)
    select $1, n.practitioner_id, n.agency_id from portal.protection_reader n where n.protection_id = $2
"""

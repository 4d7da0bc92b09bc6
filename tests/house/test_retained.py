"""Whatever names a person or a record is deleted with it: a table made tomorrow that says otherwise fails the build."""

import pytest
from sqlalchemy import Uuid

from throughline.audit import shown, unusual  # noqa: F401  # their tables are among these, whoever runs this alone
from throughline.db.base import Base
from throughline.records import removal, units
from throughline.records.catalogue import KINDS
from throughline.terms.record_kind import RecordKind

TABLES = Base.metadata.sorted_tables
NO_RECORD = {  # columns with ids of whoever works here, of links within a file, or of the trail itself
    "agency_id", "practitioner_id", "actor_id", "client_id", "holder_id", "receiver_id", "service_id", "maker_id", "custodian_id", "id",
    "told_agency_id", "must_not_be_told_id",  # the second where it repeats its part's, which says so
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_record_says_whom_it_names(kind: RecordKind) -> None:
    assert units.named(kind)


def test_whatever_refers_to_a_person_goes_with_them_or_with_a_record() -> None:
    kept = {units.table(kind) for kind in KINDS}
    kept |= {column.table for kind in KINDS for column in units.belonging(units.table(kind))}
    kept |= {table for table in TABLES if table.name in units.GOES_WITH_IDENTITY} | {units.IDENTITY}
    found = {column.table for target in (units.PERSON, units.IDENTITY) for column in units.referring(target)}
    assert {table.fullname for table in found - kept} == set()
    assert found, "and it looks at something"


def test_whatever_holds_a_records_id_without_saying_so_is_deleted_by_it() -> None:
    loose = {
        (table.fullname, column.name)
        for table in TABLES if table.schema == "portal" or table.name == "shown"
        for column in table.c if isinstance(column.type, Uuid) and not column.foreign_keys
    }  # fmt: skip
    expected = {*removal.NAMES_RECORDS, ("portal.record_history", "record_id")}
    without_whom = {("portal.unusual_access", "person_id")}
    named = {pair for pair in loose if pair[1] not in NO_RECORD or pair in expected}
    assert named == expected | without_whom


def test_walls_rest_on_kinds_that_go_last() -> None:
    assert units.kinds()[-len(units.GOES_LAST) :] == tuple(sorted(units.GOES_LAST, key=units.kinds().index))

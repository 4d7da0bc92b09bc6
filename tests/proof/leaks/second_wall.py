"""Faults in the database: row security passed by, or weakened."""

from tests.proof.leaks.leak import Leak
from tests.proof.leaks.rules import forgotten
from throughline.db.base import Base

CAREFUL = [t.name for t in Base.metadata.sorted_tables if t.schema == "portal" and "sensitivity" in t.c]

LEAKS = (
    Leak("a view that passes row security by", "the app's role cannot pass the second wall by", sql=(
        "create view portal.every_report as select * from portal.support_report", "grant select on portal.every_report to throughline_app")),
    Leak("confidential rows behind the second wall", "CONFIDENTIAL rows show to members of their service alone", sql=(
        "alter policy read on portal.involvement using (true)",)),
    Leak("rows without a viewer", "without a viewer nothing is visible", sql=(
        "alter policy read on portal.need using (sensitivity <> 'CONFIDENTIAL' or service_id = any (app.services()))",)),
    Leak("a row in another agency's name", "no row may be written in another agency's name", sql=(
        "alter policy made on portal.need with check (true)",)),
    Leak("a foreign key without the agency", "what belongs to a record is of the agency that made it", sql=tuple(
        f"alter table portal.{table.name} drop constraint {key.name}"
        for table in Base.metadata.sorted_tables for key in table.foreign_key_constraints
        if table.schema == "portal" and len(key.columns) > 1 and "agency_id" in key.columns)),
    Leak("row security switched off", "row security stands on every table of records", sql=(
        "alter table portal.legal_status disable row level security",)),
    Leak("W2 forgotten in both walls", "CONFIDENTIAL records exist for nobody outside their own service", forgotten("W2"), sql=tuple(
        f"alter policy read on portal.{name} using (true)" for name in CAREFUL)),
)  # fmt: skip

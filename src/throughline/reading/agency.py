"""The directory: agencies, services and practitioners, shown wherever a record that names them is shown."""

from throughline.reading.shape import column, row_object
from throughline.reading.statement import Emitted, Emitter, Fields, Scope
from throughline.reading.tree import Field


def one_of(table: str, type_name: str, fields: Fields, key: str) -> Emitter:
    """The row of the directory that `key` of this row points at, as an object, or null."""

    def emit(scope: Scope, wanted: Field) -> Emitted:
        inner = Scope(scope.statement, scope.statement.alias("d"))
        one = row_object(inner, type_name, wanted.of(type_name), fields)
        return Emitted(f"(select {one.sql} from {table} {inner.r} {' '.join(inner.joins)} where {inner.r}.id = {scope.r}.{key})")

    return emit


AGENCY: Fields = {name: column(name) for name in ("id", "name", "kind", "area", "laestab", "urn", "telephone")}
SERVICE: Fields = {name: column(name) for name in ("id", "name", "is_confidential")}


def agency(key: str) -> Emitter:
    return one_of("portal.agency", "Agency", AGENCY, key)


def service(key: str) -> Emitter:
    return one_of("portal.service", "Service", SERVICE, key)


PRACTITIONER: Fields = {"id": column("id"), "name": column("name"), "job_title": column("job_title"), "agency": agency("agency_id")}


def practitioner(key: str) -> Emitter:
    return one_of("portal.practitioner", "Practitioner", PRACTITIONER, key)

"""Whether records hang on an identity record, of whatever kind: asked of all tables that name one."""

from functools import cache
from uuid import UUID

from throughline.db.session import Session
from throughline.people.identity_record import IdentityRecord

_NO_RECORDS = {"assignment", "search_key", "link_key", "link_event", "identity_number", "opening"}
"""Tables that name an identity record without a word about the person."""


@cache
def _question() -> str:
    named = [
        f"exists (select from {table.fullname} where {key.parent.name} = $1)"
        for table in IdentityRecord.metadata.sorted_tables if table.name not in _NO_RECORDS
        for key in table.foreign_keys if key.column.table is IdentityRecord.__table__ and key.column.name == "id"
    ]  # fmt: skip
    return f"select {' or '.join(named)}"


async def is_spoken_of(session: Session, record_id: UUID) -> bool:
    """Whether anything has been said of whom the agency calls so, by a name that nobody knew: a yes given to it was given to nobody,
    and is not carried to somebody whom the same agency chooses afterwards."""
    row = await session.fetchrow(_question(), record_id)
    return bool(row[0])

"""Looks for somebody in every column of every table there is, as the owner: texts, numbers, JSON, and bytes that hold them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

COLUMNS = """
    select c.table_schema || '.' || c.table_name as name, c.column_name as column, c.data_type = 'bytea' as is_bytes
    from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where c.table_schema not in ('pg_catalog', 'information_schema') and t.table_type = 'BASE TABLE'
"""


async def found(connection: Any, needles: Mapping[str, str | UUID]) -> dict[str, set[str]]:
    """In which columns each needle stands, by the needle's name."""
    places: dict[str, set[str]] = {name: set() for name in needles}
    for row in await connection.fetch(COLUMNS):
        for name, needle in needles.items():
            if await _stands(connection, row, needle):
                places[name].add(f"{row['name']}.{row['column']}")
    return places


async def _stands(connection: Any, row: Any, needle: str | UUID) -> bool:
    column = f't."{row["column"]}"'
    if row["is_bytes"]:
        said = [str(needle).encode(), *([needle.bytes] if isinstance(needle, UUID) else [])]
        asked = f"select exists (select from {row['name']} t, unnest($1::bytea[]) n where position(n in {column}) > 0)"
        return bool(await connection.fetchval(asked, said))
    asked = f"select exists (select from {row['name']} t where position(lower($1) in lower({column}::text)) > 0)"
    return bool(await connection.fetchval(asked, str(needle)))

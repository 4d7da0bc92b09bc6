"""Faults in acts: what they check, and what their refusals tell."""

from typing import Any

import pytest

from tests.proof.leaks.leak import Leak, everywhere
from throughline.access.acting import check_walls
from throughline.access.writing import verdict
from throughline.db.refusal import RefusalCode, Refused, forbidden
from throughline.linking import identity
from throughline.reading.reader import Reader
from throughline.records import about, change


def _unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    def whatever(*_: Any, record: str, expected: str, about: str, **__: Any) -> str:
        return f"(select 19 where {record} is not null or {expected} is not null or {about} is not null)"

    everywhere(monkeypatch, verdict, whatever)


def _unwalled(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(_: Any) -> None: ...

    everywhere(monkeypatch, check_walls, nothing)


def _unseen_household(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(*_: Any) -> None: ...

    everywhere(monkeypatch, about.lives_there, nothing)


def _anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    async def sees(*_: Any) -> bool:
        return True

    monkeypatch.setattr(Reader, "sees", sees)


def _error_text(monkeypatch: pytest.MonkeyPatch) -> None:
    named_one = about.named_one

    async def telling(session: Any, whom: Any, where: str, **more: Any) -> Any:
        try:
            return await named_one(session, whom, where, **more)
        except Refused as refused:
            if whom.person_id and await session.fetchrow("select 1 from portal.person where id = $1", whom.person_id):
                raise Refused(refused.code, "You may not see this person.", field=refused.field) from None
            raise

    everywhere(monkeypatch, named_one, telling)


def _error_code(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = change.seen

    async def telling(session: Any, kind: Any, table: Any, record_id: Any) -> Any:
        try:
            return await seen(session, kind, table, record_id)
        except Refused:
            if await session.fetchrow(f"select 1 from {table.__table__} where id = $1", record_id):
                raise forbidden() from None
            raise

    everywhere(monkeypatch, seen, telling)


def _known_already(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody with this number is here: whoever says it is told."""
    matches = identity.matches

    async def telling(*asked: Any) -> Any:
        found = await matches(*asked)
        if any(one.person_id for one in found):
            raise Refused(RefusalCode.CONFLICT, "This person is known here already.")
        return found

    monkeypatch.setattr(identity, "matches", telling)


def _anybodys_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose version is stale is told so before it is asked whether they see the record."""
    seen = change.seen

    async def telling(session: Any, kind: Any, table: Any, record_id: Any) -> Any:
        row = await session.fetchrow(f"select version from {table.__table__} where id = $1", record_id)
        if row and row["version"] > 1:
            raise Refused(RefusalCode.CONFLICT, "Somebody changed this after you read it. Read it again.", field="version")
        return await seen(session, kind, table, record_id)

    everywhere(monkeypatch, seen, telling)


LEAKS = (
    Leak("unchecked write", "every write is checked after the change", _unchecked),
    Leak("a household that does not show", "an act names only what shows", _unseen_household),
    Leak("anybody by their id", "an act names only people who show", _anybody),
    Leak("error text", "forbidden equals absent in what a refusal says", _error_text),
    Leak("error code", "forbidden equals absent in the code of a refusal", _error_code),
    Leak("existence by UPN on create", "what a submitter gets back never tells whether somebody is known", _known_already),
    Leak("a version of what is hidden", "forbidden equals absent: first whether it shows", _anybodys_version),
)

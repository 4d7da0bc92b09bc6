"""A file by upload, through the whole portal."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from tests.conftest import Database
from tests.transfer.schools import ELM, OAK, ctf, pupil
from tests.world import NOW, SECRET, Someone, World
from throughline.app import Signing, build
from throughline.oauth.keys import new_pem
from throughline.oauth.scope import Scope
from throughline.oauth.subject import subject
from throughline.settings import Settings
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

pytestmark = pytest.mark.anyio

URL = "http://127.0.0.1:8080"
IMPORT = """mutation Import($input: CtfImportInput!) { ctfImport(input: $input) {
    report { source destination pupils known keptAsHashes enrolmentsProposed enrolmentsConfirmed
             leftOut { ordinal reasons { code message } } warnings { code } notUnderstood { name times } }
    userErrors { code message field } } }"""


class Upload:
    def __init__(self, client: httpx.AsyncClient, signing: Signing, who: Someone) -> None:
        self.client, self.signing, self.who = client, signing, who

    async def send(self, content: str, key: str = "once", purpose: Purpose = Purpose.TRANSITION, **more: Any) -> Any:
        token = self.signing.mint.mint(subject(self.who.id, is_tool=False), self.who.client_id, Scope(self.who.role, purpose))
        sent = {"query": IMPORT, "variables": {"input": {"idempotencyKey": key, "content": content, **more}}}
        response = await self.client.post("/graphql", json=sent, headers={"authorization": f"Bearer {token}"})
        return response.json()["data"]["ctfImport"]


@pytest.fixture
async def upload(database: Database, tmp_path: Path) -> AsyncIterator[Upload]:
    settings = Settings(data_dir=tmp_path, public_url=URL, secret=SECRET.decode(), signing_key=new_pem().decode())
    app = build(settings, database.app_url, clock=lambda: NOW)
    connection = await asyncpg.connect(database.owner_url)
    world = World(connection)
    oak = await world.agency(AgencyKind.SCHOOL, laestab=OAK)
    await world.agency(AgencyKind.SCHOOL, laestab=ELM)
    who = await world.practitioner(oak, Role.SAFEGUARDING_LEAD)
    await connection.close()
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 1))
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url=URL) as client:
        yield Upload(client, Signing.of(settings), who)


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


async def test_a_file_is_brought_in_once_for_a_key(upload: Upload) -> None:
    file = encoded(ctf(pupil(), pupil(2, "Omar", born="soon")))
    first = await upload.send(file, fileName=f"{OAK}_CTF_{ELM}_001.xml")
    assert first["userErrors"] == []
    report = first["report"]
    assert (report["source"], report["destination"], report["pupils"], report["keptAsHashes"]) == (OAK, ELM, 2, 1)
    assert [one["ordinal"] for one in report["leftOut"]] == [2]
    assert await upload.send(file, fileName=f"{OAK}_CTF_{ELM}_001.xml") == first
    other = await upload.send(encoded(ctf(pupil())))
    assert [error["code"] for error in other["userErrors"]] == ["IDEMPOTENCY_CONFLICT"]


@pytest.mark.parametrize("content", ["not base64!", encoded(b"not xml"), encoded(ctf(pupil())[:-30]), "A" * 1_900_000])
async def test_what_is_no_file_is_a_user_error_at_the_content(upload: Upload, content: str) -> None:
    answer = await upload.send(content)
    assert answer["report"] is None
    assert [(error["code"], error["field"]) for error in answer["userErrors"]] == [("BAD_USER_INPUT", ["content"])]


async def test_for_another_purpose_it_is_forbidden(upload: Upload) -> None:
    answer = await upload.send(encoded(ctf(pupil())), purpose=Purpose.SUPPORT)
    assert [error["code"] for error in answer["userErrors"]] == ["FORBIDDEN"]


async def test_a_file_of_other_schools_is_refused(upload: Upload) -> None:
    answer = await upload.send(encoded(ctf(pupil(), source="8012009", to="8012008")))
    assert [error["code"] for error in answer["userErrors"]] == ["BAD_USER_INPUT"]

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
from throughline.api.ctf_import import MOST_BYTES
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
    refusal { code message } userErrors { code message field } } }"""


class Upload:
    def __init__(self, client: httpx.AsyncClient, signing: Signing, who: Someone) -> None:
        self.client, self.signing, self.who = client, signing, who

    async def post(self, query: str, purpose: Purpose = Purpose.TRANSITION, **variables: Any) -> httpx.Response:
        token = self.signing.mint.mint(subject(self.who.id, is_tool=False), self.who.client_id, Scope(self.who.role, purpose))
        sent = {"query": query, "variables": variables}
        return await self.client.post("/graphql", json=sent, headers={"authorization": f"Bearer {token}"})

    async def send(self, content: str, key: str = "once", purpose: Purpose = Purpose.TRANSITION, **more: Any) -> Any:
        response = await self.post(IMPORT, purpose, input={"idempotencyKey": key, "content": content, **more})
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


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        ("not base64!", None),
        ("A" * (MOST_BYTES * 4 // 3 + 8), None),
        (encoded(b"not xml"), "CTF_MALFORMED"),
        (encoded(b"<letter/>"), "CTF_NOT_A_CTF"),
        (encoded(ctf(pupil())[:-30]), "CTF_TRUNCATED"),
    ],
    ids=["base64", "size", "xml", "letter", "end"],
)
async def test_what_is_no_file_is_a_user_error_at_the_content(upload: Upload, content: str, refusal: str | None) -> None:
    answer = await upload.send(content)
    assert answer["report"] is None
    (error,) = answer["userErrors"]
    assert (error["code"], error["field"]) == ("BAD_USER_INPUT", ["content"])
    assert answer["refusal"] == (refusal and {"code": refusal, "message": error["message"]})
    assert "CTF_" not in error["message"]


async def test_three_hundred_pupils_with_all_that_schools_put_into_a_file_can_be_uploaded(upload: Upload) -> None:
    """Assessments, contacts and sessions make some 30 kB of a pupil: what is not ours is passed over."""
    much = "<StageAssessments>" + "<Result>EYFSP 2019 2 A</Result>" * 950 + "</StageAssessments>"
    file = ctf(*(pupil(serial, extra=much) for serial in range(1, 301)))
    assert 8_500_000 < len(file) < MOST_BYTES
    answer = await upload.send(encoded(file))
    assert (answer["userErrors"], answer["refusal"]) == ([], None)
    assert answer["report"]["pupils"] == 300


async def test_only_an_upload_may_be_large_and_only_of_those_who_bring_files(upload: Upload) -> None:
    large = {"idempotencyKey": "k", "content": "A" * 2_000_000}
    assert (await upload.post(IMPORT, input=large)).status_code == 200
    beside_another = IMPORT.removesuffix("}") + " __typename }"
    assert (await upload.post(beside_another, input={**large, "content": ""})).status_code == 200
    for query, purpose in (
        (IMPORT, Purpose.SUPPORT),
        (beside_another, Purpose.TRANSITION),
        ("{ __typename }", Purpose.TRANSITION),
    ):
        response = await upload.post(query, purpose, input=large)
        assert response.status_code == 413
        assert response.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_for_another_purpose_it_is_forbidden(upload: Upload) -> None:
    answer = await upload.send(encoded(ctf(pupil())), purpose=Purpose.SUPPORT)
    assert [error["code"] for error in answer["userErrors"]] == ["FORBIDDEN"]


async def test_a_file_of_other_schools_is_refused(upload: Upload) -> None:
    answer = await upload.send(encoded(ctf(pupil(), source="8012009", to="8012008")))
    assert [error["code"] for error in answer["userErrors"]] == ["BAD_USER_INPUT"]

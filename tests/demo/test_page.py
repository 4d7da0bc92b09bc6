"""What the demo says about itself, on the terminal, at `GET /` and in the file."""

import json
import shlex
from html import unescape
from uuid import UUID

from throughline.demo import asks
from throughline.demo.page import Facts, Shown, curl, described, html, told
from throughline.demo.viewers import DemoViewer
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

FAMILY = UUID("018cc251-f585-7f3c-955c-ee5f1f9bb6d5")


def facts(name: str = "Niamh O’Brien <script>") -> Facts:
    viewer = DemoViewer(
        Role.SCHOOL_STAFF, Purpose.SUPPORT, FAMILY, name, "Teacher", "St “Quote’s”", "demo-school-staff",
        "what they wrote", "the rest", asks.FAMILY, {"id": str(FAMILY)},
    )  # fmt: skip
    return Facts("http://127.0.0.1:8080", "2026-11-20", 200, [Shown(viewer, "e.y.J", "s3")], [FAMILY], [FAMILY])


def test_a_name_cannot_become_markup() -> None:
    assert "<script>" not in html(facts())
    assert "Niamh O’Brien &lt;script&gt;" in html(facts())


def test_the_page_loads_nothing_from_elsewhere() -> None:
    page = html(facts())
    assert not any(mark in page for mark in (" src=", " href=", "@import", "url("))


def test_the_command_to_paste_survives_any_shell() -> None:
    words = shlex.split(curl("http://127.0.0.1:1", "e.y.J", asks.FAMILY, {"name": "O'Brien $HOME `x`"}))
    assert words[:3] == ["curl", "-s", "http://127.0.0.1:1/graphql"]
    body = json.loads(words[-1])
    assert body["variables"] == {"name": "O'Brien $HOME `x`"}
    assert "family(id: $id)" in body["query"]


def test_terminal_and_page_give_the_same_commands() -> None:
    commands = [line.strip() for line in told(facts()).splitlines() if line.strip().startswith("curl ")]
    assert len(commands) == 3
    assert all(command in unescape(html(facts())) for command in commands)


def test_the_file_says_what_was_promised() -> None:
    said = json.loads(described(facts()))
    assert said["url"] == "http://127.0.0.1:8080"
    assert said["families"] == [str(FAMILY)]
    viewer = said["viewers"][0]
    assert {"role", "purpose", "agency", "practitioner", "access_token"} <= viewer.keys()
    assert viewer["access_token"] == "e.y.J"

"""What the demo says about itself: on the terminal, at `GET /` and in a file for programs."""

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from uuid import UUID

from throughline.demo import asks
from throughline.demo.viewers import DemoViewer

STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "pre{background:#f4f4f4;padding:.75rem;overflow-x:auto}h2{margin-top:2rem}"
)


@dataclass(frozen=True)
class Shown:
    viewer: DemoViewer
    token: str
    client_secret: str


@dataclass(frozen=True)
class Facts:
    """Everything that there is to say. `today`: as ISO writes it."""

    url: str
    today: str
    children: int
    shown: Sequence[Shown]
    families: Sequence[UUID]
    persons: Sequence[UUID]

    def report(self) -> str:
        """The first report to paste, as whoever writes it."""
        return curl(self.url, self.shown[0].token, asks.FIRST_REPORT, asks.first_report(self.today))


def curl(url: str, token: str, query: str, variables: object) -> str:
    body = json.dumps({"query": " ".join(query.split()), "variables": variables}, ensure_ascii=False)
    return (
        f"curl -s {shlex.quote(f'{url}/graphql')} -H 'content-type: application/json' "
        f"-H 'authorization: Bearer {token}' --data {shlex.quote(body)}"
    )


def described(facts: Facts) -> str:
    """The JSON of `--describe`."""
    said = {
        "url": facts.url,
        "viewers": [
            {
                "role": str(item.viewer.role),
                "purpose": str(item.viewer.purpose),
                "agency": item.viewer.agency,
                "practitioner": item.viewer.practitioner,
                "access_token": item.token,
                "client_id": item.viewer.client_id,
                "client_secret": item.client_secret,
                "sees": item.viewer.sees,
                "does_not_see": item.viewer.does_not_see,
                "query": item.viewer.query,
                "variables": item.viewer.variables,
            }
            for item in facts.shown
        ],
        "families": [str(family) for family in facts.families],
        "persons": [str(person) for person in facts.persons],
    }
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def told(facts: Facts) -> str:
    """For the terminal."""
    lines = [
        "",
        f"Throughline demo: {facts.url}",
        f"A made-up borough of {facts.children:,} children; GraphQL at {facts.url}/graphql",
        "",
        *(f"{_who(item.viewer)}\n    {_ready(facts, item)}" for item in facts.shown),
        "",
        "A first question:",
        f"    {_ready(facts, facts.shown[0])}",
        "A first report:",
        f"    {facts.report()}",
        "",
        f"The same page: {facts.url}/   Stop with Ctrl-C; what was written stays.",
    ]
    return "\n".join(lines)


def html(facts: Facts) -> str:
    items = "".join(_item(facts, item) for item in facts.shown)
    family = f"<li><code>{'</code></li><li><code>'.join(map(str, facts.families))}</code></li>"
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Throughline demo</title>"
        f"<style>{STYLE}</style><h1>Throughline demo</h1>"
        f"<p>A made-up borough of {facts.children:,} children. The GraphQL API is at "
        f"<code>{escape(facts.url)}/graphql</code>. The tokens below are the demo’s own and live for "
        "12 hours; load this page again for fresh ones.</p>"
        f"<h2>A first question</h2><pre>{escape(_ready(facts, facts.shown[0]))}</pre>"
        f"<h2>A first report</h2><pre>{escape(facts.report())}</pre>"
        f"<h2>Fifteen people to try</h2><ol>{items}</ol>"
        f"<h2>Families to ask for</h2><ul>{family}</ul></html>"
    )


def _item(facts: Facts, item: Shown) -> str:
    viewer = item.viewer
    who = f"{viewer.practitioner}, {viewer.job_title}, {viewer.agency}"
    return (
        f"<li><p><b>{escape(viewer.role)}</b> for {escape(viewer.purpose)}: {escape(who)}<br>"
        f"sees {escape(viewer.sees)};<br>does not see {escape(viewer.does_not_see)}.</p>"
        f"<pre>{escape(_ready(facts, item))}</pre></li>"
    )


def _who(viewer: DemoViewer) -> str:
    return (
        f"{viewer.role} for {viewer.purpose}: {viewer.practitioner}, {viewer.agency}: sees {viewer.sees}; "
        f"does not see {viewer.does_not_see}."
    )


def _ready(facts: Facts, item: Shown) -> str:
    return curl(facts.url, item.token, item.viewer.query, item.viewer.variables)

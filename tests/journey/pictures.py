"""What somebody sees of the family at one moment, and every answer they can get, to compare byte for byte."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.journey.documents import FAMILIES, FAMILY, HISTORY, NODE, PERSON, SEARCH, VIEWER
from tests.journey.signed_in import SignedIn
from tests.journey.story import SARA, Story
from throughline.access.policy import NEVER_SEARCH

PEOPLE = ("Sara", "Adam", "Layla", "Yusuf", "Sara as the police know her", "Sara as the youth group knows her", "the drop-in")
FAMILY_OR_NOT = ("the family", "home", "the drop-in")
SECTIONS = ("SUPPORT_REPORT", "INVOLVEMENT", "NEED")


@dataclass(frozen=True)
class Picture:
    """`reports`: every text about Sara, in her history and on her own page alike. `members`: of the family, None where it does not
    exist for the viewer. `told`: texts of the family picture. The sections' states stand in the order of SECTIONS."""

    is_known: bool
    reports: frozenset[str]
    sections: tuple[str, ...]
    members: frozenset[str] | None
    told: frozenset[str]
    family_sections: tuple[str, ...]
    kinds: frozenset[str]


UNKNOWN = Picture(False, frozenset(), (), None, frozenset(), (), frozenset())


def picture(story: Story, seat: SignedIn) -> Picture:
    person = seat.asks(PERSON, id=story.ids["Sara"])["person"]
    family = seat.asks(FAMILY, id=story.ids["the family"])["family"]
    nodes = list(history(story, seat))
    reports = _texts(person) if person else frozenset()
    assert reports == {part["whatWasDone"] for node in nodes for part in node.get("parts", ())}
    return Picture(
        person is not None,
        reports,
        _states(person),
        frozenset(member["person"]["givenName"] for member in family["members"]) if family else None,
        _texts(family) if family else frozenset(),
        _states(family),
        frozenset(node["__typename"] for node in nodes),
    )


def history(story: Story, seat: SignedIn) -> Iterator[Any]:
    """Sara's chronology, page by page."""
    after = None
    while True:
        person = seat.asks(HISTORY, id=story.ids["Sara"], first=10, after=after)["person"]
        if person is None:
            return
        page = person["history"]
        yield from (edge["node"] for edge in page["edges"])
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return


def every_answer(story: Story, seat: SignedIn) -> dict[str, bytes]:
    """By every route, bytes as they come over the wire."""
    asked: dict[str, tuple[str, dict[str, Any]]] = {"viewer": (VIEWER, {}), "families": (FAMILIES, {})}
    for name, one in story.ids.items():
        asked[f"node {name}"] = NODE, {"id": one}
    for name in (name for name in story.ids if name in PEOPLE):
        asked[f"person {name}"] = PERSON, {"id": story.ids[name]}
        asked[f"history {name}"] = HISTORY, {"id": story.ids[name], "first": 100}
    for name in (name for name in story.ids if name in FAMILY_OR_NOT):
        asked[f"family {name}"] = FAMILY, {"id": story.ids[name]}
    if seat.who.role not in NEVER_SEARCH:
        for name in (" ".join(SARA[:2]), "Sara Secretname", "Secretname", "Layla Haddad"):
            asked[f"search {name}"] = (SEARCH, {"input": {"name": name, "reason": "CONCERN"}})
    return {route: seat.hears(query, **variables).content for route, (query, variables) in asked.items()}


def _texts(shown: Any) -> frozenset[str]:
    connection = shown["supportReports"]
    texts = [part["whatWasDone"] for edge in connection["edges"] for part in edge["node"]["parts"]]
    assert connection["totalCount"] == len(connection["edges"])
    assert len(texts) == len(set(texts))
    return frozenset(texts)


def _states(shown: Any) -> tuple[str, ...]:
    if shown is None:
        return ()
    states = {section["kind"]: section["state"] for section in shown["sections"]}
    assert states.keys() >= set(SECTIONS)
    return tuple(states[kind] for kind in SECTIONS)

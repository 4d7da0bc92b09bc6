"""What an explanation tells, and what it never does: whatever others recorded, decided or are connected with, its bytes are the same."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tests.access.given import ASSIGNED, LEAD, Given, covered
from tests.access.portal import Portal
from tests.access.scene import Scene, open_scene
from tests.access.surface import Surface
from tests.world import CONFIDENTIAL, SENSITIVE, Someone, World
from throughline.access import conditions
from throughline.access.conditions import opened_in_emergency
from throughline.access.policy import RULES, WALLS
from throughline.access.rule import Phrase
from throughline.access.rules import allowed_purposes
from throughline.access.telling import BY_RECORD, NEVER, OWN, TELLING, Told, told
from throughline.audit.trail import seen_rows
from throughline.db.columns import new_id
from throughline.terms.agency_kind import AgencyKind as A
from throughline.terms.purpose import Purpose as P
from throughline.terms.record_kind import RecordKind as K
from throughline.terms.role import Role as R

pytestmark = pytest.mark.anyio
QUERY = """query($input: AccessExplanationInput!) { accessExplanation(input: $input) {
  person { id } kind walls { name text }
  verbs { verb answer sentences { sentence { number } condition answer conditions { name means state } } } } }"""


def test_of_every_phrase_it_is_said_what_may_be_told() -> None:
    phrases = {leaf for when in (*(r.when for r in RULES), *(w.stands for w in WALLS)) for leaf in when.leaves()}
    assert {phrase.name for phrase in phrases - TELLING.keys()} == set()
    assert {phrase.name for phrase in TELLING.keys() - phrases} == set(), "listed, and nowhere said"
    assert len(OWN) + len(BY_RECORD) + len(NEVER) == len(TELLING), "each in one list"
    assert told(Phrase("new", "Nobody has listed it.", "true")) is Told.NEVER


def test_what_is_told_speaks_of_the_viewer_alone() -> None:
    """Openings of the viewer's own, or what they are: nothing of the record, of other agencies, or of how old somebody is."""
    for phrase in OWN:
        assert "{r}" not in phrase.sql
        if phrase is opened_in_emergency:  # an instant, so asked of the record of it: of the viewer's own alone
            assert phrase.sql.count("select") == phrase.sql.count("x.practitioner_id = {me}.actor_id") == 1
            continue
        assert not any(word in phrase.sql for word in ("{hw}", "select", "is_adult", "is_own", "c0", "c1", "ag ")), phrase.name


async def explain(surface: Surface, who: Someone, purpose: P, person: UUID, kind: K) -> bytes:
    return await surface.raw(who, purpose, QUERY, input={"personId": str(person), "kind": kind})


async def everything(surface: Surface, scene: Scene, role: R) -> list[bytes]:
    who, people = scene.as_(role), (scene.child.person_id, scene.mother.person_id, scene.stranger.person_id)
    return [
        await explain(surface, who, purpose, person, kind)
        for purpose in sorted(allowed_purposes(role)) for person in people for kind in (K.SUPPORT_REPORT, K.NEED, K.SHARING_DECISION)
    ]  # fmt: skip


async def seen_by(scene: Scene, *givens: Given) -> None:
    """The viewer leads, and so sees the membership of the child; the mother and the stranger are nobody to them."""
    for given in (LEAD, *givens):
        await given.arrange(scene, "from today")
    await scene.settle()


@pytest.fixture
async def scene(world: World, surface: Surface) -> Scene:
    made = await open_scene(Portal(world, None), A.LOCAL_AUTHORITY)
    await seen_by(made)
    return made


Hidden = Callable[[Scene], Awaitable[Any]]
HIDDEN: dict[str, Hidden] = {
    "others decided to share": lambda s: covered(K.SUPPORT_REPORT).arrange(s, "from today"),
    "others refused to": lambda s: covered(K.NEED).arrange(s, "to share was refused"),
    "a contact waits at the own front door": lambda s: s.world.contact(s.maker, s.child, s.viewer.agency_id),
    "the child is on a roll elsewhere": lambda s: s.world.enrolled(
        s.maker, s.child, s.elsewhere.agency_id, confirmed_by=s.board.agency_id
    ),
    "somebody else is connected": lambda s: s.world.connected(s.colleague, s.child.record_id),
    "the viewer is connected with whom they cannot see": lambda s: s.world.connected(s.viewer, s.stranger.record_id),
    "a confidential service works with the child": lambda s: _confidential(s),
    "another agency says that the child is grown": lambda s: s.world.known_to(
        s.elsewhere.agency_id, s.child.person_id, born=date(1980, 1, 1)
    ),
    "a colleague is assigned": lambda s: _assigned_colleague(s),
    "a sensitive report": lambda s: s.world.report(s.maker, ([s.child, s.stranger], SENSITIVE)),
    "a need of the mother": lambda s: s.world.about("need", s.maker, s.mother),
    "a decision that was withdrawn": lambda s: s.world.decision(s.maker, [s.viewer.agency_id], [s.stranger], withdrawn=-1),
}


async def _confidential(scene: Scene) -> None:
    service = await scene.world.service(scene.maker.agency_id)
    keeper = Someone(scene.maker.id, scene.maker.agency_id, scene.maker.role, scene.maker.client_id, service)
    hidden = type(scene.child)(scene.child.person_id, await scene.world.known_to(keeper, scene.child.person_id))
    await scene.world.report(keeper, ([hidden], CONFIDENTIAL))


async def _assigned_colleague(scene: Scene) -> None:
    await scene.world.assigned(scene.colleague, await scene.world.known_to(scene.viewer.agency_id, scene.child.person_id))


@pytest.mark.parametrize("role", [R.FAMILY_PRACTITIONER, R.SOCIAL_WORKER, R.SAFEGUARDING_LEAD])
async def test_nothing_that_others_recorded_changes_a_byte(scene: Scene, surface: Surface, role: R) -> None:
    before = await everything(surface, scene, role)
    assert len(set(before)) > 3, "it tells something"
    for name, happens in HIDDEN.items():
        await happens(scene)
        await scene.settle()
        assert await everything(surface, scene, role) == before, name
    await ASSIGNED.arrange(scene, "from today")
    await scene.settle()
    assert await everything(surface, scene, role) != before, "and what is the viewer's own does change it"


async def test_one_phrase_told_too_much_would_show(scene: Scene, surface: Surface, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TELLING, conditions.about_child, Told.OWN)
    before = await everything(surface, scene, R.SAFEGUARDING_LEAD)
    await HIDDEN["another agency says that the child is grown"](scene)
    await scene.settle()
    assert await everything(surface, scene, R.SAFEGUARDING_LEAD) != before


async def test_somebody_unseen_is_answered_as_nobody(scene: Scene, surface: Surface) -> None:
    who = scene.as_(R.FAMILY_PRACTITIONER)
    absent = await explain(surface, who, P.SUPPORT, new_id(), K.NEED)
    assert absent == b'{"data":{"accessExplanation":null}}'
    assert await explain(surface, who, P.SUPPORT, scene.stranger.person_id, K.NEED) == absent
    assert await explain(surface, who, P.SUPPORT, scene.child.person_id, K.NEED) != absent
    assert (await surface.data(who, P.SUPPORT, QUERY, input={"personId": "no id", "kind": "NEED"})) == {"accessExplanation": None}
    await scene.world.connected(scene.viewer, scene.child.record_id)
    await scene.settle()
    assert await explain(surface, who, P.SUPPORT, scene.child.person_id, K.NEED) == absent, "a wall is not told of"


async def test_it_says_what_is_missing_and_is_in_the_trail(scene: Scene, surface: Surface) -> None:
    who = scene.as_(R.FAMILY_PRACTITIONER)
    given = {"personId": str(scene.child.person_id), "kind": "NEED"}
    count = "select count(*) from audit.entry where actor_id = $1"
    before = await scene.world.connection.fetchval(count, who.id)
    told_of = (await surface.data(who, P.SUPPORT, QUERY, input=given))["accessExplanation"]
    assert await scene.world.connection.fetchval(count, who.id) == before + 1
    entry = await scene.world.connection.fetchrow(
        "select * from audit.entry where actor_id = $1 order by xid desc, id desc limit 1", who.id
    )
    assert (entry["verb"], entry["outcome"]) == ("access_explanation", "SHOWN")
    assert (scene.child.person_id, 1) in seen_rows(entry["seen"])
    verbs = {one["verb"]: one for one in told_of["verbs"]}
    assert {verb: one["answer"] for verb, one in verbs.items()} == {
        "SEE": "DEPENDS", "SEE_EARLIER": "NO", "KNOW_OF": "DEPENDS", "FIND": "NO", "WRITE": "YES", "CONFIRM": "NO", "LINK": "NO",
        "IMPORT": "NO",
    }  # fmt: skip
    seeing = {one["sentence"]["number"]: {c["name"]: c["state"] for c in one["conditions"]} for one in verbs["SEE"]["sentences"]}
    assert seeing == {33: {"team": "HOLDS", "covered": "NOT_TOLD"}, 34: {"wrote": "DEPENDS_ON_RECORD", "lead": "HOLDS"}}
    assert [wall["name"] for wall in told_of["walls"]] == [
        "W1", "W1-MEANT", "W2", "W3", "W3-LINK", "W4", "W6", "W7", "W8", "WITHDRAWN",
    ]  # fmt: skip
    protecting = await surface.data(scene.as_(R.SOCIAL_WORKER), P.PROTECTION, QUERY, input={**given, "kind": "LEGAL_STATUS"})
    assert protecting == {"accessExplanation": None}, "for this purpose the viewer sees nothing of the child"

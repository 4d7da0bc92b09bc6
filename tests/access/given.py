"""What a sentence asks for, as something that happens in a scene: the ways in which it is just so, and just not so."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from tests.access.scene import Scene
from tests.world import NOW, Human
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.holder import SCHOOL_ON_ROLL
from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind
from throughline.terms.sensitivity import Sensitivity

STANDARD, SENSITIVE = Sensitivity.STANDARD, Sensitivity.SENSITIVE


@dataclass(frozen=True, slots=True)
class Given:
    """`ways`: each of them satisfies the sentence; `fails`: each misses it by one thing."""

    arrange: Callable[[Scene, str], Awaitable[None]]
    ways: tuple[str, ...]
    fails: tuple[str, ...]


_DAYS: dict[str, tuple[int, int | None]] = {
    "from today": (0, None),
    "until today": (-30, 0),
    "until yesterday": (-30, -1),
    "from tomorrow": (1, None),
    "until a year ago": (-900, -365),
    "until a year and a day ago": (-900, -366),
}


async def _own_record(scene: Scene, human: Human) -> Human:
    """The viewer's agency knows the person too, by a record of its own."""
    row = await scene.world.connection.fetchval(
        "select id from portal.identity_record where person_id = $1 and agency_id = $2 and service_id is not distinct from $3",
        human.person_id, scene.viewer.agency_id, scene.viewer.service_id,
    )  # fmt: skip
    maker = scene.viewer if scene.viewer.service_id else scene.viewer.agency_id
    return Human(human.person_id, row or await scene.world.known_to(maker, human.person_id))


async def _on_roll(scene: Scene, how: str) -> None:
    first, last = _DAYS.get(how, (-100, None))
    await scene.world.enrolled(
        scene.maker,
        scene.stranger if how == "another child" else scene.child,
        scene.elsewhere.agency_id if how == "at another school" else scene.viewer.agency_id,
        first,
        last,
        confirmed_by=None if how == "only proposed" else scene.board.agency_id,
        withdrawn_at=NOW if how == "entered by mistake" else None,
    )


ON_ROLL = Given(
    _on_roll,
    ("from today", "until today"),
    ("until yesterday", "from tomorrow", "only proposed", "at another school", "another child", "entered by mistake"),
)
ON_ROLL_WITHIN_THE_YEAR = Given(
    _on_roll,
    ("from today", "until a year ago"),
    ("until a year and a day ago", *(fail for fail in ON_ROLL.fails if fail != "until yesterday")),
)
ON_ROLL_OR_COMING = Given(_on_roll, ON_ROLL.ways, tuple(fail for fail in ON_ROLL.fails if fail != "from tomorrow"))
COMING = Given(_on_roll, ("from tomorrow",), ("until yesterday", "only proposed", "at another school", "another child"))


async def _assigned(scene: Scene, how: str) -> None:
    human = scene.stranger if how == "to another child" else scene.child
    own = await _own_record(scene, human)
    if how != "to nobody":
        holder = scene.colleague if how == "to a colleague" else scene.viewer
        await scene.world.assigned(holder, own.record_id, *_DAYS.get(how, (-30, None)))


ASSIGNED = Given(
    _assigned,
    ("from today", "until today"),
    ("to nobody", "until yesterday", "from tomorrow", "to a colleague", "to another child"),
)


async def _managed(scene: Scene, how: str) -> None:
    if how != "by somebody else":
        await scene.world.change("practitioner", scene.colleague.id, manager_id=scene.viewer.id)
    own = await _own_record(scene, scene.stranger if how == "to another child" else scene.child)
    await scene.world.assigned(scene.colleague, own.record_id, *_DAYS.get(how, (-30, None)))


MANAGES = Given(
    _managed, ("from today", "until today"), ("by somebody else", "until yesterday", "from tomorrow", "to another child")
)


async def _works_with(scene: Scene, how: str) -> None:
    human = scene.stranger if how == "only with another child" else scene.child
    await _own_record(scene, human)


WORKS_WITH = Given(_works_with, ("knows the child",), ("only with another child",))


def held(position: str, *, by_household: bool = False, around: str = "home") -> Given:
    """A position of the viewer's. `by_household`: what counts is the household, not who is named."""

    async def arrange(scene: Scene, how: str) -> None:
        named = scene.stranger if how in ("naming another child", "naming somebody else") else scene.child
        await scene.world.position(
            scene.maker,
            scene.colleague if how == "held by a colleague" else scene.viewer,
            scene.other_home if how == "around another family" else getattr(scene, around),
            [named],
            {"only a member": "MEMBER", "only the lead": "LEAD"}.get(how, position),
            *_DAYS.get(how, (-30, None)),
            confirmed_by=None if how == "not confirmed" else scene.board.agency_id,
            withdrawn_at=NOW if how == "entered by mistake" else None,
        )

    fails = ["not confirmed", "until yesterday", "from tomorrow", "held by a colleague", "entered by mistake"]
    fails.append("around another family" if by_household else "naming another child")
    fails += ["only a member"] if position != "MEMBER" else []
    fails += ["only the lead"] if position == "ALLOCATED_SOCIAL_WORKER" else []
    ways = ("from today", "until today", *(["naming somebody else"] if by_household else []))
    return Given(arrange, ways, tuple(fails))


TEAM, LEAD, CASE = held("MEMBER"), held("LEAD"), held("ALLOCATED_SOCIAL_WORKER")
CASE_ELSEWHERE = held("ALLOCATED_SOCIAL_WORKER", around="other_home")
HOUSEHOLD_TEAM, HOUSEHOLD_LEAD = held("MEMBER", by_household=True), held("LEAD", by_household=True)
_HOUSEHOLD_CASE = held("ALLOCATED_SOCIAL_WORKER", by_household=True)


def _but_the_lead(given: Given) -> Given:
    """A lead may write what an allocated social worker may, so being the lead instead is no failure."""
    return replace(given, fails=tuple(how for how in given.fails if how != "only the lead"))


CASE_TO_WRITE, HOUSEHOLD_CASE_TO_WRITE = _but_the_lead(CASE), _but_the_lead(_HOUSEHOLD_CASE)


async def _led_by_a_colleague(scene: Scene, how: str) -> None:
    holder = scene.elsewhere if how == "led by another agency" else scene.colleague
    position = "MEMBER" if how == "only a member" else "LEAD"
    named = scene.stranger if how == "naming another child" else scene.child
    await scene.world.position(
        scene.maker, holder, scene.other_home if how == "around another household" else scene.home, [named], position,
        *_DAYS.get(how, (-30, None)), confirmed_by=None if how == "not confirmed" else scene.board.agency_id,
    )  # fmt: skip


LEADS_AGENCY = Given(
    _led_by_a_colleague,
    ("from today", "until today"),
    ("led by another agency", "only a member", "naming another child", "not confirmed", "until yesterday"),
)


HOUSEHOLD_LEADS_AGENCY = Given(
    _led_by_a_colleague,
    ("from today", "until today", "naming another child"),
    (*(fail for fail in LEADS_AGENCY.fails if fail != "naming another child"), "around another household"),
)
"""Of what names a household, what counts is that the lead is that household's, whoever the lead's position names."""


def covered(kind: RecordKind, sensitivity: Sensitivity = STANDARD, *, at_school: bool = False, purpose: Purpose = Purpose.SUPPORT,
            who: str = "child") -> Given:  # fmt: skip
    """A sharing decision for this kind and sensitivity, and for nothing else."""
    other = RecordKind.NEED if kind is not RecordKind.NEED else RecordKind.INVOLVEMENT

    async def arrange(scene: Scene, how: str) -> None:
        kinds = [other] if how == "for another kind" else [kind]
        is_sensitive = (sensitivity is SENSITIVE) != (how == "for the other sensitivity")
        human: Human = scene.stranger if how == "for another person" else getattr(scene, who)
        days: dict[str, Any] = {
            "from today": {"first": 0}, "until today": {"last": 0}, "until yesterday": {"first": -30, "last": -1},
            "from tomorrow": {"first": 1}, "withdrawn today": {"withdrawn": 0}, "withdrawn tomorrow": {"withdrawn": 1},
        }.get(how, {})  # fmt: skip
        receivers: dict[str, Any] = {
            "to its kind of agency": await _kind_of(scene, scene.viewer.agency_id),
            "to the school where the child is on roll": SCHOOL_ON_ROLL,
            "to another agency": scene.elsewhere.agency_id,
            "to another kind of agency": AgencyKind.NURSERY,
        }
        await scene.world.decision(
            scene.maker, [receivers.get(how, scene.viewer.agency_id)], [human],
            kinds=[] if is_sensitive else kinds, sensitive=kinds if is_sensitive else [],
            purpose=(Purpose.TRIAGE if how == "for another purpose" else purpose),
            confirmed_by=None if how == "not confirmed" else scene.board.agency_id, is_refusal=how == "to share was refused",
            withdrawn_at=NOW if how == "entered by mistake" else None, **days,
        )  # fmt: skip

    ways = ["from today", "until today", "withdrawn tomorrow", "to its kind of agency"]
    ways += ["to the school where the child is on roll"] if at_school else []
    fails = (
        "until yesterday", "from tomorrow", "withdrawn today", "not confirmed", "to share was refused", "for another purpose",
        "for another kind", "for the other sensitivity", "for another person", "to another agency", "to another kind of agency",
        "entered by mistake",
    )  # fmt: skip
    return Given(arrange, tuple(ways), fails)


async def _kind_of(scene: Scene, agency_id: Any) -> AgencyKind:
    return AgencyKind(await scene.world.connection.fetchval("select kind from portal.agency where id = $1", agency_id))


async def _undecided(scene: Scene, how: str) -> None:
    about = {"about a stranger": scene.stranger, "about the mother, who lives with the child": scene.mother}.get(how, scene.child)
    if how == "about the mother, who moved out yesterday":
        about = await scene.world.person(scene.maker, "Ada")
        await scene.world.lives(scene.maker, about, scene.home, -100, -1)
    await scene.world.contact(
        scene.maker,
        about,
        scene.elsewhere.agency_id if how == "at another front door" else scene.viewer.agency_id,
        {"received today": 0, "received tomorrow": 1}.get(how, -5),
        {"decided today": 0, "decided yesterday": -1, "to be decided tomorrow": 1}.get(how),
        withdrawn_at=NOW if how == "entered by mistake" else None,
    )


CONTACT = Given(
    _undecided,
    ("received today", "about the mother, who lives with the child", "to be decided tomorrow"),
    ("decided today", "decided yesterday", "received tomorrow", "at another front door", "about a stranger",
     "about the mother, who moved out yesterday", "entered by mistake"),
)  # fmt: skip


async def _lives_with_a_pupil(scene: Scene, how: str) -> None:
    """A brother on roll at the viewer's school lives, or lived, with the child."""
    brother = await scene.world.person(scene.maker, "Ben")
    if how != "lives elsewhere":
        last = {"moved out yesterday": -1, "moves out today": 0}.get(how)
        await scene.world.lives(scene.maker, brother, scene.home, -100, last)
    await scene.world.enrolled(
        scene.maker, brother, scene.viewer.agency_id, *_DAYS.get(how, (-100, None)),
        confirmed_by=None if how == "only proposed" else scene.board.agency_id,
    )  # fmt: skip


async def _rights_approved(scene: Scene, how: str) -> None:
    by = scene.maker if how == "another agency's" else scene.colleague
    states = {"only checked": "CHECKED", "only open": "OPEN", "closed": "CLOSED"}
    if how == "a confidential service's":
        service = await scene.world.service(by.agency_id)
        by = replace(by, service_id=service)
    withdrawn = NOW if how == "entered by mistake" else None
    about = scene.stranger if how == "about another child" else scene.child
    await scene.world.rights_request(by, about, states.get(how, "APPROVED"), withdrawn_at=withdrawn)


RIGHTS_APPROVED = Given(
    _rights_approved,
    ("approved",),
    (
        "only checked",
        "only open",
        "closed",
        "entered by mistake",
        "about another child",
        "another agency's",
        "a confidential service's",
    ),
)
SIBLING_ON_ROLL = Given(
    _lives_with_a_pupil,
    ("from today", "until today", "moves out today"),
    ("lives elsewhere", "moved out yesterday", "until yesterday", "from tomorrow", "only proposed"),
)


_HOURS = 4
_INSTANT = timedelta(microseconds=1)
_OPENED = {
    "from this instant": NOW,
    "up to the next instant": NOW - timedelta(hours=_HOURS) + _INSTANT,
    "up to this instant": NOW - timedelta(hours=_HOURS),
    "from the next instant": NOW + _INSTANT,
}


async def _opened_in_emergency(scene: Scene, how: str) -> None:
    ended = {"ended at this instant": NOW, "ended at the next instant": NOW + _INSTANT}.get(how)
    await scene.world.emergency(
        scene.colleague if how == "opened by a colleague" else scene.viewer,
        {"of another child": scene.stranger, "of the mother": scene.mother}.get(how, scene.child),
        _OPENED.get(how, NOW - timedelta(hours=1)), _HOURS, ended_at=ended,
    )  # fmt: skip


EMERGENCY = Given(
    _opened_in_emergency,
    ("from this instant", "up to the next instant", "ended at the next instant"),
    ("up to this instant", "from the next instant", "ended at this instant", "opened by a colleague", "of another child",
     "of the mother"),
)  # fmt: skip
OPENED = replace(EMERGENCY, ways=EMERGENCY.ways[:1], fails=())

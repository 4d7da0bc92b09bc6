"""Somebody who means harm, or has bad luck, at the door of a real server: nothing is learned and nothing breaks."""

import socket
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import asyncpg
import orjson
import pytest

from tests.journey import words as w
from tests.journey.conftest import Told
from tests.journey.documents import FAMILY, HISTORY, NODE, PERSON
from tests.journey.signed_in import RefusedError, SignedIn, act, identity
from tests.journey.story import AT_OAKFIELD, SARA, UPN, day
from throughline.access.abilities import may_try

pytestmark = pytest.mark.slow

REPORT = {"kindOfSupport": "YOUTH_ACTIVITY", "givenOn": day(-3), "delivery": "GROUP"}


def report(about: Any, text: str = "Played football.") -> dict[str, Any]:
    return {**REPORT, "parts": [{"about": [about], "whatWasDone": text}]}


def refusal(seat: SignedIn, mutation: str, **given: Any) -> tuple[list[str], list[str]]:
    """Codes and places of a refusal; the act was refused."""
    with pytest.raises(RefusedError) as refused:
        seat.does(mutation, **given)
    return refused.value.codes, refused.value.fields


def test_the_same_request_twice_makes_one_report(told: Told) -> None:
    worker, about = told.story.at("youth worker"), identity("Y-8", "Ola", "Kask", day(-3000))
    first, again = (worker.does("supportReportSubmit", "supportReport { id }", key="twice", **report(about)) for _ in range(2))
    assert first == again
    refused = refusal(worker, "supportReportSubmit", key="twice", **report(about, "Played chess."))
    assert refused == (["IDEMPOTENCY_CONFLICT"], ["idempotencyKey"])


def test_a_key_is_nobody_elses(told: Told) -> None:
    """What another agency made under the same key is not given back."""
    about = identity("Y-9", "Una", "Kask", day(-3000))
    first = told.story.at("youth worker").does("supportReportSubmit", "supportReport { id }", key="shared key", **report(about))
    other = told.story.at("officer").does("supportReportSubmit", "supportReport { id }", key="shared key", **report(about))
    assert first != other


@pytest.mark.parametrize("stranger", ["youth worker", "brother", "social worker", "new teacher", "other nurse"])
def test_hidden_is_the_same_as_absent_by_every_route(told: Told, stranger: str) -> None:
    seat, ids = told.story.at(stranger), told.story.ids
    hidden = {
        FAMILY: ids["the family"], NODE: ids["the report on treatment"], PERSON: ids["Adam"], HISTORY: ids["Yusuf"],
    }  # fmt: skip
    for query, one in hidden.items():
        assert seat.hears(query, id=one, first=5).content == seat.hears(query, id=str(uuid4()), first=5).content
    for one in (ids["the report on treatment"], ids["the nurse's involvement"], ids["the decision"], ids["home"], ids["Layla"]):
        assert seat.hears(NODE, id=one).content == seat.hears(NODE, id=str(uuid4())).content


_OWN: Any = identity("X-1", *SARA, upn=UPN)
_OTHER: Any = identity("X-2", "Max", "Mustermann", day(-4000))
Given = dict[str, Any]

ACTS_ON_A_PERSON: dict[str, Callable[[str], Given]] = {
    "supportReportSubmit": lambda one: report({"personId": one}),
    "involvementStart": lambda one: {"about": {"personId": one}, "howToReach": "ring", "fromOn": day(-1)},
    "connectionDeclare": lambda one: {"about": {"personId": one}, "kind": "RELATIVE"},
}
ACTS_ON_A_RECORD: dict[str, Callable[[str], Given]] = {
    "supportReportWithdraw": lambda one: {"id": one, "version": 1, "reason": "not mine"},
    "supportReportAmend": lambda one: {"id": one, "version": 1, "parts": []},
    "recordWithdraw": lambda one: {"id": one, "version": 1, "reason": "not mine"},
    "sharingDecisionConfirm": lambda one: {"id": one, "version": 1},
    "sharingDecisionWithdraw": lambda one: {"id": one, "version": 1, "reason": "not mine"},
    "teamPositionConfirm": lambda one: {"id": one, "version": 1},
    "involvementEnd": lambda one: {"id": one, "version": 1, "untilOn": day(0)},
    "membershipEnd": lambda one: {"id": one, "version": 1, "untilOn": day(0)},
    "enrolmentEnd": lambda one: {"id": one, "version": 1, "untilOn": day(0)},
    "contactDecide": lambda one: {"id": one, "version": 1, "decision": "none of mine"},
}
ACTS_ON_A_HOUSEHOLD: dict[str, Callable[[str, str], Given]] = {
    "supportReportSubmit": lambda one, holder: {**report(_OWN), "householdId": one},
    "involvementStart": lambda one, holder: {"householdId": one, "about": _OWN, "howToReach": "ring", "fromOn": day(-1)},
    "membershipStart": lambda one, holder: {"householdId": one, "about": _OWN, "role": "CHILD", "fromOn": day(-1)},
    "teamPositionPropose": lambda one, holder: {
        "householdId": one, "holderId": holder, "position": "MEMBER", "about": [_OWN], "fromOn": day(-1),
    },
    "relationshipRecord": lambda one, holder: {"householdId": one, "person": _OWN, "other": _OTHER, "kind": "SIBLING_OF"},
    "householdStart": lambda one, holder: {"familyId": one, "label": "Mine"},
    "needRecord": lambda one, holder: {
        "householdId": one, "about": _OWN, "severity": "ADDITIONAL", "reason": "mine", "fromOn": day(-1),
    },
}  # fmt: skip


def same_as_absent(seat: SignedIn, mutation: str, given: Any, hidden: str) -> None:
    """An act on something hidden, byte for byte as on something that is not there; a role that never does such a thing is told so
    without anything being looked at."""
    answers = [
        seat.hears(act(mutation), input={"idempotencyKey": str(uuid4()), **given(one)}).content for one in (hidden, str(uuid4()))
    ]
    assert answers[0] == answers[1]
    code = "NOT_FOUND" if may_try(mutation, seat.who.role, seat.purpose) else "FORBIDDEN"
    assert f'"code":"{code}"'.encode() in answers[0]


@pytest.mark.parametrize("stranger", ["youth worker", "brother", "new teacher", "other nurse"])
@pytest.mark.parametrize("mutation", ACTS_ON_A_PERSON)
def test_an_act_on_a_hidden_person_is_refused_like_one_on_nobody(told: Told, stranger: str, mutation: str) -> None:
    same_as_absent(told.story.at(stranger), mutation, ACTS_ON_A_PERSON[mutation], told.story.ids["Yusuf"])


@pytest.mark.parametrize("stranger", ["youth worker", "brother", "old lead", "hub manager"])
@pytest.mark.parametrize("mutation", ACTS_ON_A_RECORD)
def test_an_act_on_a_hidden_record_is_refused_like_one_on_nothing(told: Told, stranger: str, mutation: str) -> None:
    for name in ("the report on treatment", "the drop-in", "the new school's report"):
        same_as_absent(told.story.at(stranger), mutation, ACTS_ON_A_RECORD[mutation], told.story.ids[name])


STRANGERS_TO_THE_HOUSEHOLD = [
    (stranger, mutation)
    for stranger in ("youth worker", "brother", "new teacher", "old lead", "weekend lead")
    for mutation in ACTS_ON_A_HOUSEHOLD
    if (stranger, mutation) != ("weekend lead", "householdStart")  # the family exists for its other household's lead
]


@pytest.mark.parametrize(("stranger", "mutation"), STRANGERS_TO_THE_HOUSEHOLD)
def test_an_act_on_a_hidden_household_is_refused_like_one_on_none(told: Told, stranger: str, mutation: str) -> None:
    """Also for somebody who knows its id from before."""
    hidden = told.story.ids["the family" if mutation == "householdStart" else "home"]
    holder = str(told.story.town.workers["officer"].id)
    same_as_absent(told.story.at(stranger), mutation, lambda one: ACTS_ON_A_HOUSEHOLD[mutation](one, holder), hidden)


def test_a_former_school_opens_nothing_again_by_itself(told: Told) -> None:
    """It proposes an enrolment of its own, says yes to it, and asks with another purpose: all in vain."""
    story = told.story
    office = story.at("old office", story.at("coordinator").purpose)
    given: Given = {"about": AT_OAKFIELD, "schoolId": str(story.town.oakfield), "fromOn": day(-1)}
    made = office.does("enrolmentStart", "enrolment { id version }", **given)
    for who in ("old office", "old lead"):
        refused = refusal(story.at(who, office.purpose), "enrolmentConfirm", id=made["id"], version=made["version"])
        assert refused[0] == ["FORBIDDEN"]
    person = story.at("old lead").asks(PERSON, id=story.ids["Sara"])["person"]
    texts = {part["whatWasDone"] for edge in person["supportReports"]["edges"] for part in edge["node"]["parts"]}
    assert texts == {w.GATE, w.MORNINGS}
    assert person["families"] == person["involvements"]["edges"] == []


def test_what_a_submitter_gets_back_does_not_tell_whether_somebody_knows_the_child(told: Told) -> None:
    """An agency that has come by the number, the forename and the birth date learns no surname by them."""
    answers = []
    for own_id, numbers in (("Z-1", {"upn": UPN}), ("Z-2", {})):
        about = {"identity": {"ownId": own_id, "givenName": SARA[0], "dateOfBirth": SARA[2], **numbers}}
        shows = "supportReport { parts { about { givenName familyName dateOfBirth isUnborn sections { kind state } } } }"
        answers.append(told.story.at("social worker").does("supportReportSubmit", shows, **report(about)))
    assert answers[0] == answers[1]


def test_a_connection_cut_in_the_middle_harms_nobody(told: Told) -> None:
    """Half a body, and no time to wait for the answer to a whole one: the next caller is served, the report is there or not."""
    worker = told.story.at("youth worker")
    for share, key in ((0.5, "cut in half"), (1.0, "cut before the answer")):
        cut(told, worker, key, share)
    time.sleep(0.5)
    shows = "supportReport { id parts { whatWasDone } }"
    about = identity("Y-10", "Ida", "Kask", day(-3000))
    for key in ("cut in half", "cut before the answer"):
        again = worker.does("supportReportSubmit", shows, key=key, **report(about, key))
        assert again == worker.does("supportReportSubmit", shows, key=key, **report(about, key))
        assert again["parts"] == [{"whatWasDone": key}]


def cut(told: Told, seat: SignedIn, key: str, share: float) -> None:
    given = {"idempotencyKey": key, **report(identity("Y-10", "Ida", "Kask", day(-3000)), key)}
    body = orjson.dumps({"query": act("supportReportSubmit", "supportReport { id }"), "variables": {"input": given}})
    head = (
        f"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {seat.token}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", told.story.served.port), timeout=5) as wire:
        wire.sendall(head.encode() + body[: int(len(body) * share)])


DEEP = "{ families { edges { node " + "{ members { person { families " * 8 + "{ id }" + " } } }" * 8 + " } } }"
WIDE = """{ families(first: 100) { edges { node { records(first: 100) { edges { node { id
    about { history(first: 100) { totalCount edges { node { id } } } } } } } } } } }"""
ALIASES = "{ " + " ".join(f"a{n}: viewer {{ role }}" for n in range(200)) + " }"
LONG = "{ viewer { " + " ".join("role" for _ in range(1500)) + " } }"


@pytest.mark.parametrize("query", [DEEP, WIDE, ALIASES, LONG], ids=["deep", "wide", "aliases", "long"])
def test_a_huge_query_is_too_complex(told: Told, query: str) -> None:
    answer = told.story.at("lead").hears(query).json()
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["QUERY_TOO_COMPLEX"]
    assert "data" not in answer or answer["data"] is None


@pytest.mark.anyio
async def test_every_refusal_is_in_the_trail(told: Told) -> None:
    connection = await asyncpg.connect(told.owner_url)
    before = await connection.fetchval("select count(*) from audit.entry where outcome = 'NOT_FOUND'")
    refusal(told.story.at("youth worker"), "supportReportSubmit", **report({"personId": told.story.ids["Yusuf"]}))
    after = await connection.fetchval("select count(*) from audit.entry where outcome = 'NOT_FOUND'")
    await connection.close()
    assert after == before + 1


NONSENSE: dict[str, Given] = {
    "peopleReached": {"peopleReached": 0},
    "givenOn": {"givenOn": "0001-01-01"},
    "parts": {"parts": [{"about": [identity("T-1", name, "Twin", day(-3000))], "whatWasDone": name} for name in ("Ada", "Bea")]},
}


@pytest.mark.parametrize("field", NONSENSE)
def test_nonsense_is_refused_in_words(told: Told, field: str) -> None:
    """Also one own id for two children: their reports are not mixed up."""
    given = report(identity("Y-11", "Ivo", "Kask", day(-3000))) | NONSENSE[field]
    assert refusal(told.story.at("youth worker"), "supportReportSubmit", **given) == (["BAD_USER_INPUT"], [field])

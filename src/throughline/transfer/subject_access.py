"""What one agency keeps about one person, for that person: everything that sentence 56 opens, and nothing of anybody else.

It reads like everybody, page by page, through the planner: other agencies' records and parts about others never get here. What an
officer left out, an enquiry that still runs, and other people in free text are taken out of that. The same data give the same bytes.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from throughline.access.viewer import Viewer
from throughline.reading.reader import Reader
from throughline.reading.tree import Field, Variables
from throughline.terms.rights import TOLD, LeftOutBecause, RightsState
from throughline.transfer.others import Others

VERB = "rightsRequestExport"
SENTENCE, OFFICERS = 56, 80
"""By which the agency's records are given, and by which an officer sees the request: who only approves it is given nothing."""
PAGE = 100

_MADE = ("id", "version", "sensitivity", "made_at", "withdrawn_at", "withdrawn_reason")
_FIELDS: dict[str, tuple[str, ...]] = {
    "SupportReport": ("given_on", "delivery", "is_light_touch", "people_reached", "need_level"),
    "Involvement": ("how_to_reach", "from_on", "until_on"),
    "Need": ("severity", "label", "reason", "from_on", "until_on"),
    "LegalStatus": ("status", "from_on", "until_on"),
    "Enrolment": ("state", "from_on", "until_on"),
    "Attendance": (
        "academic_year", "sessions_possible", "sessions_attended", "sessions_authorised", "sessions_unauthorised", "school_name",
    ),
    "FamilyMember": ("role", "from", "to"),
    "TeamPosition": ("position", "is_confirmed", "from_on", "until_on"),
    "SharingDecision": (
        "purpose", "kinds", "sensitive_kinds", "receivers", "is_refusal", "is_confirmed", "from_on", "review_on", "until_on", "withdrawn_on",
    ),
    "Address": ("lines", "postcode", "is_confidential", "from_on", "until_on"),
    "Contact": ("channel", "reason", "received_on", "decided_on", "decision"),
    "ServiceAgreement": ("service", "is_refusal", "from_on", "until_on", "withdrawn_on"),
    "CourtOrder": ("from_on", "until_on"),
}  # fmt: skip
"""What is given of each kind. Never who works for the agency, and nobody else: a relationship, which is two people's, is not given, nor who
must keep away and what a court's order says of them, nor who agreed for somebody, nor what a caution says."""
FREE_TEXT = frozenset({"withdrawnReason", "howToReach", "reason", "decision", "whatWasDone", "outcome", "lines", "service"})


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)


def _plain(*names: str) -> tuple[Field, ...]:
    return tuple(Field(_camel(name), name) for name in names)


def _named(name: str, type_name: str, *fields: str) -> Field:
    return Field(_camel(name), name, children={type_name: _plain(*fields)})


_BECAUSE = _named("seen_because", "PolicySentence", "number")
_SERVICE = _named("made_by_service", "Service", "id", "name")
_CAUTION = ("Caution", "must_not_be_told")
_BY = (_named("made_by", "Agency", "name"), _SERVICE)
_MORE: dict[str, tuple[Field, ...]] = {
    "SupportReport": (
        _named("kind_of_support", "SupportKind", "label"),
        Field(
            "parts",
            "parts",
            children={
                "SupportReportPart": (
                    *_plain("id", "sensitivity", "what_was_done", "outcome"),
                    _named("about", "Person", "id"),
                    _named("caution", *_CAUTION),
                ),
            },
        ),
    ),
    "Enrolment": (_named("school", "Agency", "name"),),
    "Contact": (_named("front_door", "Agency", "name"),),
    "CourtOrder": (Field("order", "kind"),),
}
_RECORDS = {
    type_name: (
        Field("kind", "__typename"),
        *_plain(*_MADE, *fields),
        *_MORE.get(type_name, ()),
        _named("cautions", *_CAUTION),
        *_BY,
        _BECAUSE,
    )
    for type_name, fields in _FIELDS.items()
}


def _of(name: str) -> Any:
    def said(variables: Variables) -> Any:
        return variables[name]

    return said


_PAGE_INFO = _named("page_info", "PageInfo", "has_next_page", "end_cursor")
_LEAVES_OUT = _named("leaves_out", "LeftOut", "left_out_id", "reason")
REQUEST = Field(
    "node",
    "node",
    {"id": _of("id")},
    {
        "RightsRequest": (
            *_plain("id", "state", "asked_by", "entitlement", "received_on", "sensitivity"),
            _named("made_by", "Agency", "name"),
            _SERVICE,
            _named("about", "Person", "id"),
            _LEAVES_OUT,
            _BECAUSE,
        )
    },
)
WHO = Field(
    "person",
    "person",
    {"id": _of("id")},
    {
        "Person": (
            Field(
                "identityRecords",
                "identity_records",
                children={
                    "IdentityRecord": (
                        *_plain("id", "made_at", "own_id", "given_name", "family_name", "date_of_birth", "is_unborn", "sex"),
                        _SERVICE,
                        _BECAUSE,
                    )
                },
            ),
            Field("numbers", "numbers", children={"IdentityNumber": (*_plain("id", "scheme", "value"), _SERVICE, _BECAUSE)}),
        )
    },
)
HISTORY = Field(
    "person",
    "person",
    {"id": _of("id")},
    {
        "Person": (
            Field(
                "page",
                "history",
                {"first": lambda _: PAGE, "after": _of("after")},
                {
                    "RecordConnection": (
                        Field("edges", "edges", children={"RecordEdge": (Field("node", "node", children=_RECORDS),)}),
                        _PAGE_INFO,
                    )
                },
            ),
        )
    },
)


DISCLOSURES = Field(
    "node",
    "node",
    {"id": _of("id")},
    {
        "RightsRequest": (
            Field(
                "page",
                "disclosures",
                {"first": lambda _: PAGE, "after": _of("after")},
                {
                    "DisclosureConnection": (
                        Field(
                            "edges",
                            "edges",
                            children={
                                "DisclosureEdge": (
                                    Field(
                                        "node",
                                        "node",
                                        children={"Disclosure": (*_plain("day", "purpose"), _named("agency", "Agency", "name"))},
                                    ),
                                )
                            },
                        ),
                        _PAGE_INFO,
                    )
                },
            ),
        )
    },
)


class NotToBeGiven(Exception):  # noqa: N818  # an answer, not a fault
    """There is no such request, the viewer may not see it, or nobody has approved it: all alike."""


@dataclass(slots=True)
class SubjectAccess:
    """One answer in the making: `whose` and what it begins with; `records` comes page by page; after that, `left_out` is whole."""

    reader: Reader
    viewer: Viewer
    request: dict[str, Any]
    others: Others
    left_out: set[LeftOutBecause]

    @classmethod
    async def begin(cls, reader: Reader, viewer: Viewer, request_id: UUID) -> "SubjectAccess":
        """Raises NotToBeGiven or NotInForce."""
        request = await _asked(reader, viewer, REQUEST, id=request_id)
        if request is None or request["state"] != RightsState.APPROVED or not _is_open(request, OFFICERS):
            raise NotToBeGiven
        names = await reader.beside(viewer, request_id, VERB)
        told = {LeftOutBecause(one["reason"]) for one in request["leavesOut"]} & set(TOLD)
        return cls(reader, viewer, request, Others.of(names["names"], names["numbers"], names["own"]), told)

    @property
    def _person_id(self) -> UUID:
        return UUID(self.request["about"][0]["id"])

    async def who(self) -> dict[str, Any]:
        """The agency's own identity records and numbers of the person."""
        found = await _asked(self.reader, self.viewer, WHO, id=self._person_id)
        return {
            name: [_without_because(one) for one in found[name] if _is_open(one) and self._is_of_this_service(one)]
            for name in ("identityRecords", "numbers")
        }

    async def records(self) -> AsyncIterator[dict[str, Any]]:
        """Newest first."""
        async for node in self._pages(HISTORY, self._person_id):
            if record := self._given(node):
                yield record

    async def disclosures(self) -> AsyncIterator[dict[str, Any]]:
        """Which agencies have seen it, for which purpose and on which day, newest first: as far as it may be told."""
        async for seen in self._pages(DISCLOSURES, UUID(self.request["id"])):
            yield seen

    async def _pages(self, wanted: Field, owner: UUID) -> AsyncIterator[dict[str, Any]]:
        after: str | None = None
        while found := await _asked(self.reader, self.viewer, wanted, id=owner, after=after):
            for edge in found["page"]["edges"]:
                yield edge["node"]
            if not found["page"]["pageInfo"]["hasNextPage"]:
                return
            after = found["page"]["pageInfo"]["endCursor"]

    def _given(self, record: dict[str, Any]) -> dict[str, Any] | None:
        """The record as it is given, or None where it is not."""
        if not record or not _is_open(record) or not self._is_of_this_answer(record) or _prejudices_an_enquiry(record):
            return None
        marked = {one["leftOutId"] for one in self.request["leavesOut"]}
        if record["id"] in marked:
            return None
        if self._keeps_private and record["sensitivity"] != "STANDARD":
            return None
        cautions = record.pop("cautions")
        if "parts" in record:
            record["parts"] = [
                part
                for part in record["parts"]
                if self._is_about_nobody_else(part.pop("about"))
                and part["id"] not in marked
                and not (self._keeps_private and part["sensitivity"] != "STANDARD")
                and not self._may_be_meant([part.pop("caution")])
            ]
            if not record["parts"]:
                return None
        elif self._may_be_meant(cautions):
            return None
        given: dict[str, Any] = self._without_others(_without_because(record))
        return given

    def _is_about_nobody_else(self, people: list[dict[str, Any]]) -> bool:
        """A request of somebody else's may have opened the part too."""
        return bool(people == self.request["about"])

    @property
    def _keeps_private(self) -> bool:
        """A parent asks, and the child has not agreed: what is SENSITIVE may be what a child keeps from them."""
        return bool(self.request["askedBy"] == "PARENT" and self.request["entitlement"] != "CHILD_AGREES")

    def _may_be_meant(self, cautions: list[dict[str, Any] | None]) -> bool:
        """Somebody must not be told, and somebody else than the person asks: it may be they. An officer knows, and this does not."""
        return bool(self.request["askedBy"] != "PERSON" and any(one and one["mustNotBeTold"] for one in cautions))

    def _is_of_this_service(self, row: dict[str, Any]) -> bool:
        return bool(row["madeByService"] == self.request["madeByService"])

    def _is_of_this_answer(self, record: dict[str, Any]) -> bool:
        """A confidential service's records are in its own answer, and in no other."""
        is_confidential = record["sensitivity"] == "CONFIDENTIAL"
        if self.request["sensitivity"] != "CONFIDENTIAL":
            return not is_confidential
        return is_confidential and self._is_of_this_service(record)

    def _without_others(self, value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: self._without_others(one, key) for key, one in value.items()}
        if isinstance(value, list):
            return [self._without_others(one, name) for one in value]
        if name not in FREE_TEXT or value is None:
            return value
        text = self.others.taken_out(value)
        if text != value:
            self.left_out.add(LeftOutBecause.THIRD_PARTY)
        return text


async def _asked(reader: Reader, viewer: Viewer, wanted: Field, **variables: Any) -> Any:
    key = (VERB, id(wanted))
    said = await reader.answer(wanted, viewer, variables, operation=VERB, plan_key=key, verb=VERB)
    return None if said is None else orjson.loads(said)


def _is_open(row: dict[str, Any], sentence: int = SENTENCE) -> bool:
    """By the sentence on which an answer rests, whatever others may let the officer see."""
    return sentence in (one["number"] for one in row["seenBecause"])


def _without_because(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != "seenBecause"}


def _prejudices_an_enquiry(record: dict[str, Any]) -> bool:
    return record["kind"] == "LegalStatus" and record["status"] == "ENQUIRY" and record["untilOn"] is None

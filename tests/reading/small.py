"""A small borough to arrange by hand, and a question to both executors."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.reading.casework import confirmed, made
from tests.reading.documents import Document
from tests.reading.portal import Portal
from tests.reading.test_same_bytes import agree
from tests.reading.worlds import TODAY, World, client_of, make_directory, make_person, make_staff
from throughline.access.viewer import Viewer
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role


class Small:
    """A borough of one family in one household, with nothing recorded, and a family practitioner to look at it."""

    def __init__(self) -> None:
        self.world = World(7)
        make_directory(self.world)
        make_staff(self.world)
        for row in self.world.rows["practitioner_role"]:
            row["until_on"] = None
        self.people = [make_person(self.world, is_child=place == 0) for place in range(3)]
        council = self.world.rows["agency"][-1]["id"]
        self.family = self.world.add("family", agency_id=council, made_at=self.world.instant())
        self.home = self.world.add(
            "household", family_id=self.family, agency_id=council, label="Home", made_at=self.world.instant()
        )
        holds = next(row for row in self.world.rows["practitioner_role"] if row["role"] == Role.FAMILY_PRACTITIONER)
        self.worker = next(row for row in self.world.rows["practitioner"] if row["id"] == holds["practitioner_id"])
        self.viewer = Viewer(self.worker["id"], client_of(self.worker["id"]), Role.FAMILY_PRACTITIONER, Purpose.SUPPORT)

    def by(self, **changes: Any) -> dict[str, Any]:
        """Made by the last agency, or as `changes` say; STANDARD, and not withdrawn."""
        other = next(row["id"] for row in self.world.rows["agency"] if row["id"] != self.worker["agency_id"])
        plain = {
            "service_id": None,
            "practitioner_id": None,
            "sensitivity": "STANDARD",
            "withdrawn_at": None,
            "withdrawn_reason": None,
        }
        return {**made(self.world, other), **plain, **changes}

    def record(self, place: int) -> UUID:
        return UUID(str(self.people[place].ordinary()[0]["id"]))

    def member(self, place: int, **changes: Any) -> UUID:
        return self.world.add(
            "membership", identity_record_id=self.record(place), household_id=self.home, family_id=self.family,
            role="PARENT", from_on=TODAY - timedelta(days=9), until_on=None, **self.by(**changes),
        )  # fmt: skip

    def position(self, position: str, *places: int, **changes: Any) -> UUID:
        by = self.by(**changes)
        row_id = self.world.add(
            "team_position", household_id=self.home, family_id=self.family, holder_id=self.worker["id"],
            holder_agency_id=self.worker["agency_id"], position=position, from_on=TODAY, until_on=None,
            **confirmed(self.world, by["agency_id"], 1), **by,
        )  # fmt: skip
        for place in places:
            self.world.join(
                "team_position_person", position_id=row_id, identity_record_id=self.record(place), agency_id=by["agency_id"]
            )
        return row_id

    def decision(self, receivers: list[UUID], *places: int) -> UUID:
        by = self.by()
        row_id = self.world.add(
            "sharing_decision", lawful_basis="PUBLIC_TASK", special_category=None, crime_condition=None, confidence_met=None,
            purpose="SUPPORT", kinds=2**16 - 1, sensitive_kinds=0, is_agreed_by_person=False, is_refusal=False, decided_by="x",
            from_on=TODAY, review_on=TODAY, until_on=TODAY, withdrawn_on=None, **confirmed(self.world, by["agency_id"], 1), **by,
        )  # fmt: skip
        for place in places:
            self.world.join(
                "sharing_decision_person", decision_id=row_id, identity_record_id=self.record(place), agency_id=by["agency_id"]
            )
        for receiver in receivers:
            self.world.join("sharing_decision_receiver", decision_id=row_id, receiver_id=receiver, agency_id=by["agency_id"])
        return row_id

    def report(self, *parts: tuple[int, ...], **changes: Any) -> UUID:
        by = self.by(**changes)
        row_id = self.world.add(
            "support_report", kind_of_support="LISTEN", given_on=TODAY, delivery="VISIT", people_reached=None, need_level=None,
            parts_made=len(parts), is_light_touch=False, family_id=None, household_id=None, **by,
        )  # fmt: skip
        walls = {name: by[name] for name in ("agency_id", "service_id", "sensitivity")}
        for ordinal, places in enumerate(parts, 1):
            part = self.world.add(
                "support_report_part", report_id=row_id, ordinal=ordinal, what_was_done="x", outcome=None, is_released=True,
                people=len(places), **walls,
            )  # fmt: skip
            for place in places:
                self.world.join("support_report_part_person", part_id=part, identity_record_id=self.record(place), **walls)
        return row_id


async def same(portal: Portal, viewer: Viewer, text: str, variables: dict[str, Any]) -> Any:
    """The answer of both, which agree."""
    expected = await portal.slow.answer(viewer, text, variables)
    answer = await portal.post(viewer, text, variables)
    assert agree(expected, answer, Document(text, variables, is_forged=False)), answer
    return expected.data


def own_record(small: Small, place: int) -> UUID:
    """The person as the viewer's own agency knows them."""
    row = {**small.people[place].ordinary()[0], "id": small.world.new_id(), "agency_id": small.worker["agency_id"], "own_id": "own"}
    small.world.rows["identity_record"].append(row)
    return UUID(str(row["id"]))

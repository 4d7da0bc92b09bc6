"""Support given, written down by those who gave it; and contacts with the front door."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from throughline.demo.directory import Agency, Worker
from throughline.demo.human import Human, Registry
from throughline.demo.kin import Home
from throughline.demo.vocabulary import CONTACT_DECISIONS, CONTACT_REASONS, DONE_BY, OUTCOMES, SUPPORT_KINDS
from throughline.demo.world import By, World
from throughline.terms.sensitivity import Sensitivity
from throughline.terms.severity import Severity
from throughline.terms.work import Channel, Delivery


@dataclass(frozen=True)
class Part:
    """`sensitivity` may only raise the floor of the kind of support."""

    people: Sequence[Human]
    done: str
    sensitivity: Sensitivity = Sensitivity.STANDARD
    outcome: str | None = None
    is_released: bool = False


class Reporting:
    def __init__(self, world: World, registry: Registry) -> None:
        self.world, self.registry = world, registry

    def report(
        self,
        worker: Worker,
        kind: str,
        parts: Sequence[Part],
        days_ago: int,
        home: Home | None = None,
        **more: Any,
    ) -> UUID:
        """The common part is as careful as the least careful part."""
        floor = SUPPORT_KINDS[kind][1]
        raised = [part.sensitivity.at_least(floor) for part in parts]
        report = self._common(worker.by, kind, days_ago, min(raised, key=lambda s: s.rank), len(parts), home, more)
        for place, (part, sensitivity) in enumerate(zip(parts, raised, strict=True)):
            records = [self.registry.known(human, worker.agency, days_ago) for human in part.people]
            self._part(worker.by, report, place, part, sensitivity, records)
        return report

    def in_confidence(self, by: By, record: UUID, kind: str, done: str, days_ago: int) -> UUID:
        """By a confidential service, about its own identity record."""
        report = self._common(by, kind, days_ago, Sensitivity.CONFIDENTIAL, 1, None, {})
        self._part(by, report, 0, Part((), done), Sensitivity.CONFIDENTIAL, [record])
        return report

    def light_touch(self, worker: Worker, kind: str, days_ago: int, reached: int, family_id: UUID | None = None) -> None:
        more = {"is_light_touch": True, "people_reached": reached, "family_id": family_id, "need_level": None}
        self._common(worker.by, kind, days_ago, Sensitivity.STANDARD, 0, None, more)

    def ordinary(self, worker: Worker, human: Human, days_ago: int, home: Home | None) -> None:
        """One of the things that this kind of agency does, about one person."""
        kind, done = self.world.pick(DONE_BY[worker.agency.kind])
        part = Part([human], done, outcome=self.world.pick(OUTCOMES), is_released=self.world.happens(0.5))
        self.report(worker, kind, [part], days_ago, home)

    def family_report(self, worker: Worker, child: Human, adult: Human, days_ago: int, home: Home | None) -> None:
        """A father's treatment stands in a part of its own, so that it need not travel with the child's."""
        parts = [
            Part([child],
            "Home visit: morning routine is calmer, homework has a place at the kitchen table."),
            Part([adult],
            "Keeps his appointments with the alcohol service; reviewed how it is going at home.",
                 Sensitivity.SENSITIVE),
        ]  # fmt: skip
        self.report(worker, "PARENTING_SUPPORT", parts, days_ago, home)

    def contact(
        self, worker: Worker, front_door: Agency, human: Human, days_ago: int, *, decided: bool = True,
        channel: Channel = Channel.FORM, reason: str | None = None,
    ) -> None:  # fmt: skip
        world = self.world
        decision = world.pick(CONTACT_DECISIONS)
        world.record(
            "contact", worker.by, days_ago, identity_record_id=self.registry.known(human, worker.agency,
            days_ago),
            front_door_id=front_door.id, channel=str(channel), reason=reason or world.pick(CONTACT_REASONS),
            received_on=world.day(days_ago), decided_on=world.day(max(days_ago - 2, 0)) if decided else None,
            decision=decision if decided else None,
        )  # fmt: skip

    def _common(
        self,
        by: By,
        kind: str,
        days_ago: int,
        sensitivity: Sensitivity,
        parts: int,
        home: Home | None,
        more: dict[str, Any],
    ) -> UUID:
        world = self.world
        columns = {
            "delivery": str(world.pick(list(Delivery))), "is_light_touch": False,
            "need_level": str(Severity.ADDITIONAL),
        }  # fmt: skip
        return world.record(
            "support_report", by, days_ago, sensitivity, kind_of_support=kind, given_on=world.day(days_ago),
            parts_made=parts, household_id=home.key if home else None, **(columns | more),
        )  # fmt: skip

    def _part(self, by: By, report: UUID, place: int, part: Part, sensitivity: Sensitivity, records: Sequence[UUID]) -> None:
        owned = {"agency_id": by.agency_id, "service_id": by.service_id, "sensitivity": str(sensitivity)}
        row = self.world.add(
            "support_report_part", report_id=report, ordinal=place, what_was_done=part.done,
            outcome=part.outcome,
            is_released=part.is_released, people=len(records), **owned,
        )  # fmt: skip
        for record in records:
            self.world.join("support_report_part_person", part_id=row, identity_record_id=record, **owned)

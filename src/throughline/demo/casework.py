"""The work around a household: its team, what may be shared, needs, legal status and who is involved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from throughline.demo.directory import Agency, Worker
from throughline.demo.human import Human, Registry
from throughline.demo.kin import Home
from throughline.demo.vocabulary import NEED_REASONS
from throughline.demo.world import AREA, By, World
from throughline.records.sharing_scope import SCOPE
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.family_law import CourtOrderKind
from throughline.terms.holder import SCHOOL_ON_ROLL
from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind as Kind
from throughline.terms.sensitivity import Sensitivity
from throughline.terms.severity import LegalStatusKind, Severity
from throughline.terms.sharing import AgreementBy, ConfidenceMet, CrimeCondition, LawfulBasis, SpecialCategoryCondition
from throughline.terms.work import Position

ORDINARY = (
    Kind.SUPPORT_REPORT, Kind.INVOLVEMENT, Kind.NEED, Kind.MEMBERSHIP, Kind.RELATIONSHIP, Kind.TEAM_POSITION,
    Kind.ENROLMENT, Kind.ATTENDANCE,
)  # fmt: skip
CAREFUL = (Kind.SUPPORT_REPORT, Kind.INVOLVEMENT)

ORDERED = {LegalStatusKind.LOOKED_AFTER: CourtOrderKind.INTERIM_CARE, LegalStatusKind.PROTECTION_PLAN: CourtOrderKind.SUPERVISION}
"""What a court has ordered about children with such a status."""


def scope(kinds: Iterable[Kind]) -> int:
    return sum(kind.bit for kind in kinds)


@dataclass
class Case:
    """One household's help. `yes`: who says the second agency's yes; `ended`: days ago, None while open."""

    home: Home
    lead: Worker
    yes: Worker
    days_ago: int
    ended: int | None = None
    members: list[Worker] = field(default_factory=list)

    @property
    def agencies(self) -> list[Agency]:
        found: dict[UUID, Agency] = {}
        for worker in (self.lead, *self.members):
            found.setdefault(worker.agency.id, worker.agency)
        return list(found.values())


class Casework:
    def __init__(self, world: World, registry: Registry) -> None:
        self.world, self.registry = world, registry

    def team(self, case: Case, *, social_worker: Worker | None = None, unconfirmed: Worker | None = None) -> None:
        self.position(case, case.lead, Position.LEAD)
        for member in case.members:
            self.position(case, member, Position.MEMBER)
        if social_worker:
            self.position(case, social_worker, Position.ALLOCATED_SOCIAL_WORKER)
        if unconfirmed:
            self.position(case, unconfirmed, Position.MEMBER, is_confirmed=False)
        for worker in (case.lead, *case.members, *filter(None, [social_worker])):
            self.assign(case, worker)

    def position(self, case: Case, holder: Worker, position: Position, *, is_confirmed: bool = True) -> None:
        """Made by the lead's agency and confirmed by another."""
        world, lead = self.world, case.lead
        row = world.record(
            "team_position", lead.by, case.days_ago, household_id=case.home.key,
            family_id=case.home.family_id,
            holder_id=holder.id, holder_agency_id=holder.agency.id, position=str(position),
            from_on=world.day(case.days_ago), **self._ended(case), **self._yes(case, is_confirmed),
        )  # fmt: skip
        for human in case.home.everybody:
            world.join(
                "team_position_person", position_id=row, agency_id=lead.agency.id,
                identity_record_id=human.at(lead.agency),
            )  # fmt: skip

    def assign(self, case: Case, worker: Worker, people: Sequence[Human] = ()) -> None:
        """For the lead: everybody; for others: the children."""
        everybody = case.home.everybody if worker is case.lead else case.home.children
        for human in people or everybody:
            self.world.record(
                "assignment", By(worker.agency.id), case.days_ago, holder_id=worker.id,
                identity_record_id=self.registry.known(human, worker.agency, case.days_ago),
                from_on=self.world.day(case.days_ago), **self._ended(case),
            )  # fmt: skip

    def share(
        self, case: Case, receivers: Sequence[UUID], *, is_careful: bool = False,
        people: Sequence[Human] = (),
        kinds: Sequence[Kind] = ORDINARY, purpose: Purpose = Purpose.SUPPORT, runs: tuple[int,
        int] | None = None,
        is_confirmed: bool = True, is_agreed: bool = True,
        decided_by: str = "The family, with their lead practitioner",
        **more: Any,
    ) -> UUID:  # fmt: skip
        """`runs`: first and last day, in days ago (negative: to come)."""
        world, lead = self.world, case.lead
        first, last = runs or (case.days_ago, case.ended if case.ended is not None else case.days_ago - 500)
        charity = lead.agency.kind is AgencyKind.VOLUNTARY
        decision = world.record(
            "sharing_decision", lead.by, max(first, 1), purpose=str(purpose), kinds=scope(kinds),
            sensitive_kinds=scope(CAREFUL) if is_careful else 0, is_agreed_by_person=is_agreed,
            decided_by=decided_by,
            lawful_basis=str(LawfulBasis.LEGITIMATE_INTERESTS if charity else LawfulBasis.PUBLIC_TASK),
            special_category=str(SpecialCategoryCondition.HEALTH_OR_SOCIAL_CARE) if is_careful else None,
            crime_condition=str(CrimeCondition.SAFEGUARDING) if is_careful else None,
            confidence_met=str(ConfidenceMet.AGREEMENT if is_agreed else ConfidenceMet.PUBLIC_INTEREST),
            from_on=world.day(first), review_on=world.day((first + last) // 2), until_on=world.day(last),
            **({"is_refusal": False} | more), **self._yes(case, is_confirmed),
        )  # fmt: skip
        for human in people or case.home.everybody:
            world.join(
                "sharing_decision_person", decision_id=decision, agency_id=lead.agency.id,
                identity_record_id=human.at(lead.agency),
            )  # fmt: skip
        for receiver in dict.fromkeys(receivers):
            world.join(
                "sharing_decision_receiver",
                decision_id=decision,
                receiver_id=receiver,
                agency_id=lead.agency.id,
            )
        self._reason(decision, lead, [human.at(lead.agency) for human in people or case.home.everybody], max(first, 1))
        return decision

    def agree(self, case: Case) -> None:
        """Each of them agreed to what the lead's agency offers: for a child, somebody who holds parental responsibility did."""
        world, at = self.world, case.lead.agency
        grown = next((human for human in case.home.everybody if human not in case.home.children), case.home.everybody[0])
        for human in case.home.everybody:
            is_child = human in case.home.children
            world.record(
                "service_agreement", case.lead.by, max(case.days_ago, 1), identity_record_id=human.at(at),
                agreed_by_record_id=(grown if is_child else human).at(at), service="Early help", is_refusal=False,
                agreed_by=str(AgreementBy.PARENTAL_RESPONSIBILITY if is_child else AgreementBy.PERSON), from_on=world.day(case.days_ago),
            )  # fmt: skip

    def _reason(self, decision: UUID, lead: Any, people: list[UUID], made: int) -> None:
        """Every decision has one."""
        world = self.world
        row = world.rows["sharing_decision"][-1]
        agreed_by = people[0] if len(people) == 1 and row["is_agreed_by_person"] else None
        scope = {name: row[name] for name in SCOPE}
        reason = world.record(
            "sharing_reason", lead.by, made, decision_id=decision, is_refusal=row["is_refusal"], receiver_ids=[],
            agreement=str(AgreementBy.PERSON) if agreed_by else None, agreed_by_record_id=agreed_by, **scope,
        )  # fmt: skip
        for record_id in dict.fromkeys(people):
            world.join("sharing_reason_person", reason_id=reason, agency_id=lead.agency.id, identity_record_id=record_id)

    def share_with_team(self, case: Case, *, is_careful: bool, with_school: bool = True) -> UUID:
        self.agree(case)
        receivers = [agency.id for agency in case.agencies]
        return self.share(case, [SCHOOL_ON_ROLL] * with_school + receivers, is_careful=is_careful)

    def need(self, case: Case, child: Human, severity: Severity, reason: str | None = None) -> None:
        """A change is a new need: the earlier one ended."""
        world, turned = self.world, case.days_ago // 2
        columns: dict[str, Any] = {
            "identity_record_id": child.at(case.lead.agency), "household_id": case.home.key, "area": AREA,
            "reason": reason or world.pick(NEED_REASONS),
        }  # fmt: skip
        if severity is not Severity.ADDITIONAL:
            world.record(
                "need", case.lead.by, case.days_ago, severity=str(Severity.ADDITIONAL),
                from_on=world.day(case.days_ago),
                until_on=world.day(turned + 1), **columns,
            )  # fmt: skip
        world.record(
            "need",
            case.lead.by,
            turned,
            severity=str(severity),
            from_on=world.day(turned),
            **columns,
            **self._ended(case),
        )

    def legal(self, case: Case, social_worker: Worker, child: Human, status: LegalStatusKind) -> None:
        record = self.registry.known(child, social_worker.agency, case.days_ago)
        self.world.record(
            "legal_status", social_worker.by, case.days_ago, identity_record_id=record, status=str(status),
            from_on=self.world.day(case.days_ago // 2), **self._ended(case),
        )  # fmt: skip
        if order := ORDERED.get(status):
            self.world.record(
                "court_order", social_worker.by, case.days_ago, Sensitivity.SENSITIVE, identity_record_id=record,
                kind=str(order), from_on=self.world.day(case.days_ago // 2), **self._ended(case),
            )  # fmt: skip

    def involve(
        self,
        case: Case,
        worker: Worker,
        human: Human,
        how: str,
        sensitivity: Sensitivity = Sensitivity.STANDARD,
    ) -> None:
        record = self.registry.known(human, worker.agency, case.days_ago)
        self.world.record(
            "involvement", worker.by, case.days_ago, sensitivity, identity_record_id=record,
            household_id=case.home.key,
            how_to_reach=how, from_on=self.world.day(case.days_ago), **self._ended(case),
        )  # fmt: skip

    def involve_in_confidence(self, by: By, record: UUID, how: str, days_ago: int) -> None:
        self.world.record(
            "involvement", by, days_ago, Sensitivity.CONFIDENTIAL, identity_record_id=record,
            how_to_reach=how,
            from_on=self.world.day(days_ago),
        )  # fmt: skip

    def _ended(self, case: Case) -> dict[str, Any]:
        return {"until_on": None if case.ended is None else self.world.day(case.ended)}

    def _yes(self, case: Case, is_confirmed: bool) -> dict[str, Any]:
        if not is_confirmed:
            return {}
        at = self.world.instant(max(case.days_ago - 2, 1))
        return {
            "confirmed_by_agency_id": case.yes.agency.id,
            "confirmed_by_id": case.yes.id,
            "confirmed_at": at,
        }

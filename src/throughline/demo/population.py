"""The many families whom nobody made up by hand, each with what the agencies around it did."""

from collections.abc import Sequence
from datetime import date

from throughline.demo.casework import Case
from throughline.demo.chapters import Makers
from throughline.demo.directory import Worker
from throughline.demo.human import FIRST_SECONDARY, LAST_PRIMARY, RECEPTION, Human
from throughline.demo.kin import Kin
from throughline.demo.world import By
from throughline.terms.role import Role
from throughline.terms.sensitivity import Sensitivity
from throughline.terms.severity import LegalStatusKind, Severity
from throughline.terms.work import Channel, Sex

HOW_TO_REACH = (
    "Duty line, weekdays nine to five",
    "School office, ask for the named person",
    "By e-mail to the team",
)


class Population:
    def __init__(self, make: Makers) -> None:
        self.make, self.world, self.partners = make, make.world, make.partners
        self._young: list[Human] = []

    def family(self, place: int, count: int) -> Kin:
        """Now and then twins, separated parents, a grandparent, or a mother who is a pupil herself."""
        if place % 60 == 59 and count == 1 and self._young:
            return self.make.families.young_mother(self._young.pop())
        kin = self.make.families.make(count, twins=place % 9 == 2, separated=place % 16 == 5, grandparent=place % 11 == 4)
        self._young += [child for child in kin.children if child.sex is Sex.FEMALE and child.year == 11]
        return kin

    def open(self, kin: Kin, by_partner: Sequence[bool], place: int) -> list[Case]:
        """A case for each household; the first household's lead writes the family down."""
        self._schools(kin)
        days_ago = self.world.between(30, 420)
        leads = [self._lead(kin, is_partner) for is_partner in by_partner]
        self.make.writer.write(kin, leads[0].agency, leads[0].by, days_ago)
        cases: list[Case] = []
        for home, lead in zip(kin.homes, leads, strict=True):
            for human in home.everybody:
                self.make.registry.known(human, lead.agency, days_ago)
            case = Case(home, lead, self._second(lead), days_ago, members=self._members(kin, lead))
            self._work(case, kin, place + len(cases))
            cases.append(case)
        return cases

    def close(self, kin: Kin, place: int) -> list[Case]:
        self._schools(kin)
        lead = self.world.pick(self.partners.council.workers[Role.FAMILY_PRACTITIONER])
        self.make.writer.write(kin, self.partners.council, lead.by, 700)
        ended = self.world.between(60, 400)
        case = Case(kin.homes[0], lead, self._second(lead), 700, ended, members=[])
        self.make.casework.team(case)
        self.make.casework.share_with_team(case, is_careful=False)
        for child in kin.children:
            self.make.casework.need(case, child, Severity.ADDITIONAL)
            self.make.reporting.ordinary(lead, child, ended + 20, case.home)
        return [case]

    def contacts(self, children: Sequence[Human], size: int) -> None:
        """More contacts than children: some are written about twice. One in fifteen waits for a decision."""
        wanted, officers = round(size * 0.06), self.partners.police.workers[Role.POLICE_OFFICER]
        nurses = self.partners.hospital.workers[Role.HEALTH_PRACTITIONER]
        for number in range(wanted):
            child = self.world.pick(children)
            if child.is_unborn:
                continue
            at_school = child.school.first(Role.SAFEGUARDING_LEAD) if child.school else nurses[0]
            worker, channel = self.world.pick(
                ((at_school, Channel.FORM), (at_school, Channel.PHONE), (self.world.pick(officers),
                Channel.POLICE_NOTICE),
                 (self.world.pick(nurses), Channel.EMAIL))
            )  # fmt: skip
            waits = number % 15 == 7
            days_ago = self.world.between(1, 3) if waits else self.world.between(4, 360)
            self.make.reporting.contact(worker, self.partners.front_door, child, days_ago, decided=not waits, channel=channel)

    def drop_ins(self, known: Sequence[Human], others: Sequence[Human], count: int) -> None:
        """Young people who came by themselves; of half of them nobody else knows anything."""
        health, nurse, service = (
            self.partners.community_health,
            self.partners.drop_in_nurse,
            self.partners.drop_in,
        )
        by = By(health.id, nurse.id, service)
        for number in range(count):
            found = [c for c in (known, others)[number % 2] if (c.year or 0) >= FIRST_SECONDARY]
            if not found:
                continue
            child = self.world.pick(found)
            child.family = child.family or self.world.pick(child.origin.surnames)
            days_ago = self.world.between(3, 300)
            record = self.make.registry.known_in_confidence(child, health, service, days_ago)
            self.world.record(
                "assignment", By(health.id, None, service), days_ago, Sensitivity.CONFIDENTIAL, holder_id=nurse.id,
                identity_record_id=record, from_on=self.world.day(days_ago),
            )  # fmt: skip
            kind = self.world.pick(("SEXUAL_HEALTH", "EMOTIONAL_HEALTH", "SUBSTANCE_USE"))
            self.make.reporting.in_confidence(by, record, kind, "Came to the drop-in; listened and gave advice.", days_ago)

    def former_drop_ins(self, others: Sequence[Human], year: int, count: int) -> None:
        """Those of a year that is over: seen a few weeks, and counted since. Only the service knows of them."""
        health, nurse, service = self.partners.community_health, self.partners.drop_in_nurse, self.partners.drop_in
        by = By(health.id, nurse.id, service)
        old_enough = [child for child in others if (child.year or 0) >= FIRST_SECONDARY + 2]
        last = (self.world.as_of - date(year, 11, 30)).days
        for child in old_enough[:count]:
            child.family = child.family or self.world.pick(child.origin.surnames)
            days_ago = last + self.world.between(0, 300)
            record = self.make.registry.known_in_confidence(child, health, service, days_ago)
            self.world.record(
                "assignment", By(health.id, None, service), days_ago, Sensitivity.CONFIDENTIAL, holder_id=nurse.id,
                identity_record_id=record, from_on=self.world.day(days_ago), until_on=self.world.day(days_ago - 28),
            )  # fmt: skip
            kind = self.world.pick(("SEXUAL_HEALTH", "EMOTIONAL_HEALTH", "SUBSTANCE_USE"))
            self.make.reporting.in_confidence(by, record, kind, "Came to the drop-in; listened and gave advice.", days_ago)

    def light_touch(self, count: int) -> None:
        """Sessions that name nobody."""
        for _ in range(count):
            worker = self.world.pick(self._voluntary())
            kind = self.world.pick(("YOUTH_ACTIVITY", "HOLIDAY_ACTIVITY", "FOOD_AND_ESSENTIALS"))
            self.make.reporting.light_touch(worker, kind, self.world.between(2, 360), self.world.between(4, 60))

    def _work(self, case: Case, kin: Kin, place: int) -> None:
        casework, world = self.make.casework, self.world
        social_worker = world.pick(self.partners.council.workers[Role.SOCIAL_WORKER]) if place % 17 == 3 else None
        casework.team(
            case,
            social_worker=social_worker,
            unconfirmed=world.pick(self._voluntary()) if place % 40 == 21 else None,
        )
        if place % 10 < 8:
            tells_school = place % 5 != 4 and not kin.mother.is_child  # her school is not told that she is a mother
            casework.share_with_team(case, is_careful=place % 2 == 0, with_school=tells_school)
        self._rare_decisions(case, place)
        for child in case.home.children:
            severity = world.chance.choices((Severity.ADDITIONAL, Severity.INTENSIVE, Severity.SPECIALIST), (60, 33, 7))[0]
            casework.need(case, child, severity)
            self._reports(case, child)
        if social_worker:
            for child in case.home.children:
                casework.legal(case, social_worker, child, world.pick(list(LegalStatusKind)))
        if kin.father is not None and kin.father in case.home.adults and place % 8 == 1:
            self.make.reporting.family_report(case.lead, case.home.children[0], kin.father, case.days_ago // 3, case.home)
        if place % 3 == 0:
            kind = "FOOD_AND_ESSENTIALS"
            self.make.reporting.light_touch(world.pick(self._voluntary()), kind, case.days_ago // 2, 4, case.home.family_id)

    def _rare_decisions(self, case: Case, place: int) -> None:
        casework, other = self.make.casework, [self.partners.camhs.id]
        if place % 50 == 11:
            casework.share(case, other, withdrawn_on=self.world.day(10))
        if place % 50 == 23:
            casework.share(case, other, is_refusal=True, is_agreed=False)
        if place % 50 == 31:
            casework.share(case, other, runs=(case.days_ago, 12))
        if place % 50 == 43:
            casework.share(case, other, is_confirmed=False)

    def _reports(self, case: Case, child: Human) -> None:
        world, home = self.world, case.home
        for worker in (case.lead, *case.members):
            for _ in range(world.between(1, 3) if worker is case.lead else world.between(0, 2)):
                self.make.reporting.ordinary(worker, child, world.between(2, max(case.days_ago, 3)), home)
            careful = worker.agency in (self.partners.camhs, self.partners.police)
            how = world.pick(HOW_TO_REACH)
            self.make.casework.involve(case, worker, child, how, Sensitivity.SENSITIVE if careful else Sensitivity.STANDARD)

    def _schools(self, kin: Kin) -> None:
        for child in kin.children:
            if child.school and self.world.happens(0.09):
                self.make.schooling.move(child, self.world.between(20, 300))
            else:
                self.make.schooling.write(child)

    def _lead(self, kin: Kin, is_partner: bool) -> Worker:
        world, partners = self.world, self.partners
        if not is_partner:
            return world.pick(partners.council.workers[Role.FAMILY_PRACTITIONER])
        schools = [child.school for child in kin.children if child.school]
        if schools and world.happens(0.62):
            role = world.pick((Role.SAFEGUARDING_LEAD, Role.SAFEGUARDING_LEAD, Role.INCLUSION_LEAD, Role.SCHOOL_STAFF))
            return schools[0].first(role)
        return world.pick(partners.health()) if world.happens(0.6) else world.pick(self._voluntary())

    def _members(self, kin: Kin, lead: Worker) -> list[Worker]:
        """From other agencies than the lead's."""
        world, partners = self.world, self.partners
        found = [world.pick(partners.health())]
        for child in kin.children:
            if child.school and (child.year or 0) >= RECEPTION and world.happens(0.7):
                found.append(child.school.first(Role.SAFEGUARDING_LEAD))
        if world.happens(0.12):
            found.append(world.pick(partners.police.workers[Role.POLICE_OFFICER]))
        if world.happens(0.2):
            found.append(world.pick(self._voluntary()))
        if world.happens(0.08) and any((child.year or 0) > LAST_PRIMARY for child in kin.children):
            found.append(world.pick(partners.camhs.workers[Role.HEALTH_PRACTITIONER]))
        if world.happens(0.3):
            found.append(world.pick(partners.council.workers[Role.FAMILY_PRACTITIONER]))
        by_agency = {worker.agency.id: worker for worker in found if worker.agency is not lead.agency}
        return list(by_agency.values())

    def _second(self, lead: Worker) -> Worker:
        """Who says the second agency's yes."""
        if lead.agency is self.partners.council:
            return self.partners.front_door.first(Role.TRIAGE_WORKER)
        return self.partners.council.workers[Role.TEAM_MANAGER][0]

    def _voluntary(self) -> list[Worker]:
        return [worker for group in self.partners.schools.voluntary for worker in group.workers[Role.VOLUNTARY_WORKER]]

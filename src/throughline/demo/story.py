"""Eight families of every borough, so that each role has somebody to meet. `viewers.py` speaks of them."""

from datetime import timedelta

from throughline.demo.casework import Case
from throughline.demo.chapters import Chapters
from throughline.demo.directory import Worker
from throughline.demo.human import Human
from throughline.demo.kin import Home, Kin
from throughline.demo.reporting import Part
from throughline.demo.world import By
from throughline.records.rights_request import MONTHS, months_after
from throughline.terms.agency_kind import AgencyKind
from throughline.terms.emergency import REVIEWED_WITHIN, EmergencyGround
from throughline.terms.holder import KIND_HOLDER, SCHOOL_ON_ROLL
from throughline.terms.purpose import Purpose
from throughline.terms.rights import Asker, Entitlement, IdentityCheck, RightsState
from throughline.terms.role import Role
from throughline.terms.sensitivity import Sensitivity
from throughline.terms.severity import LegalStatusKind, Severity
from throughline.terms.work import Channel, ConnectionKind, Protected, Sex


class Story(Chapters):
    """Each chapter returns the case that it opens."""

    def tell(self) -> list[Case]:
        self.at_the_front_door()
        return [
            self.shared_picture(), *self.separated(), self.led_by_a_group(), self.led_by_a_school(),
            self.moved(),
            self.young_parent(), self.expecting(),
        ]  # fmt: skip

    def shared_picture(self) -> Case:
        """Everybody works with one family; the officer who is the mother's brother must see nothing."""
        noah, ellie = ("Noah", 3, self.primary, Sex.MALE), ("Ellie", 8, self.secondary, Sex.FEMALE)
        kin = self.kin("Hadley", "Joanne", "Mark", [noah, ellie], grandparent="Sheila")
        teacher = self.primary.first(Role.SCHOOL_STAFF)
        members = [self.nurse, self.officer, teacher, self.youth_worker, self.brother]
        case = self.opened(kin, self.practitioner, 210, members)
        self.make.casework.share_with_team(case, is_careful=True)
        noah_, ellie_ = kin.children
        self._need(case, noah_, Severity.INTENSIVE)
        self._need(case, ellie_, Severity.ADDITIONAL)
        self._reports_about(case, noah_, ellie_, teacher, kin)
        self._drop_in(ellie_, "SEXUAL_HEALTH", "Came by herself; advice given, wants nobody told.")
        self.world.add(
            "connection", agency_id=self.partners.police.id, practitioner_id=self.brother.id,
            identity_record_id=kin.mother.at(self.partners.council), kind=str(ConnectionKind.RELATIVE),
            made_at=self.world.instant(205),
        )  # fmt: skip
        self._awaits_a_steward(ellie_)
        return case

    def in_an_emergency(self, case: Case) -> None:
        """A social worker without the case opened Noah's records for two hours; a privacy officer has yet to look at it."""
        world, opener, hours = self.world, self.partners.council.workers[Role.SOCIAL_WORKER][-1], 2
        world.record(
            "emergency_access", opener.by, 3, Sensitivity.SENSITIVE, identity_record_id=case.home.children[0].at(opener.agency),
            ground=str(EmergencyGround.MISSING), reason="Not home since yesterday; the police ask who saw him last.", hours=hours,
            opened_on=world.day(3), until_at=world.instant(3) + timedelta(hours=hours), review_due_on=world.day(3) + REVIEWED_WITHIN,
        )  # fmt: skip

    def set_apart(self, case: Case) -> None:
        """Somebody whom the council alone knows; a parent who asks what is kept about Ellie; and a court that may ask for what is kept about Noah."""
        world, council, (noah, ellie) = self.world, self.partners.council, case.home.children
        officer, asked_on = council.first(Role.PRIVACY_OFFICER), world.day(6)
        hidden = self.make.registry.adult(19, noah.origin, "Lindqvist", Sex.FEMALE)
        hidden.given = "Alva"
        world.record(
            "protection", self.social_worker.by, 120, identity_record_id=self.make.registry.known(hidden, council, 120),
            what=str(Protected.IDENTITY), reason="Her family looks for her; she has a new name.", from_on=world.day(120),
        )  # fmt: skip
        if hidden.person_id:
            world.named["alva"] = hidden.person_id
        world.record(
            "rights_request", officer.by, 6, identity_record_id=ellie.at(council), asked_by=str(Asker.PARENT), received_on=asked_on,
            due_on=months_after(asked_on, MONTHS), state=str(RightsState.CHECKED), identity_check=str(IdentityCheck.PHOTO_DOCUMENT),
            entitlement=str(Entitlement.PARENTAL_RESPONSIBILITY_SEEN), checked_at=world.instant(4), checked_by_id=officer.id,
        )  # fmt: skip
        world.record(
            "legal_hold", officer.by, 60, identity_record_id=noah.at(council), kinds=[],
            reason="A claim against the council is before the county court.", from_on=world.day(60),
        )  # fmt: skip

    def separated(self) -> list[Case]:
        """Two households with a team each; a child in both; a social worker; an address to keep secret."""
        kin = self.kin("Brennan", "Ciara", "Declan", [("Oisin", 5, self.primary, Sex.MALE)], separated=True)
        mother_home, father_home = kin.homes
        dsl = self.primary.first(Role.SAFEGUARDING_LEAD)
        first = self.opened(kin, self.practitioner, 150, [dsl], social_worker=self.social_worker)
        second = Case(father_home, self.partners.council.workers[Role.FAMILY_PRACTITIONER][1], self.triage, 140)
        self.make.casework.team(second)
        casework, child = self.make.casework, kin.children[0]
        casework.share(first, [SCHOOL_ON_ROLL, KIND_HOLDER[AgencyKind.HEALTH], self.partners.council.id], is_careful=True)
        casework.share(
            first, [self.partners.police.id], people=[child], purpose=Purpose.PROTECTION, is_agreed=False,
            decided_by="Strategy discussion",
        )  # fmt: skip
        casework.legal(first, self.social_worker, child, LegalStatusKind.CHILD_IN_NEED)
        self._need(first, child, Severity.SPECIALIST)
        self._refuge(kin, mother_home)
        reporting = self.make.reporting
        reporting.report(
            self.social_worker, "PARENTING_SUPPORT", [Part([child, kin.mother],
            "Child-in-need visit; seen alone, settled.")],
            14, mother_home,
        )  # fmt: skip
        reporting.report(
            self.nurse,
            "EMOTIONAL_HEALTH",
            [Part([child], "Sleeps badly since the move; sleep plan begun.")],
            30,
            mother_home,
        )
        reporting.report(
            second.lead,
            "HOUSING_AND_MONEY",
            [Part([kin.father or child], "Helped with the deposit for his flat.")],
            25,
            father_home,
        )
        return [first, second]

    def led_by_a_group(self) -> Case:
        """A charity leads; the children go to different schools."""
        kin = self.kin(
            "Okafor", "Ngozi", "Emeka",
            [("Chidi", 9, self.secondary, Sex.MALE), ("Adaeze", 4, self.primary, Sex.FEMALE)],
        )  # fmt: skip
        case = self.opened(kin, self.youth_worker, 180, [self.officer, self.nurse])
        self.make.casework.share_with_team(case, is_careful=False)
        self._need(case, kin.children[0], Severity.ADDITIONAL)
        reporting, home = self.make.reporting, case.home
        for days_ago in (9, 44):
            reporting.light_touch(self.youth_worker, "YOUTH_ACTIVITY", days_ago, 12, home.family_id)
        reporting.report(
            self.youth_worker,
            "YOUNG_CARER_SUPPORT",
            [Part([kin.children[0]], "Evening off; talked about his mum.")],
            20,
        )
        reporting.ordinary(self.officer, kin.children[0], 33, home)
        return case

    def led_by_a_school(self) -> Case:
        """Twins; the secondary's safeguarding lead holds the case, confirmed by triage."""
        twins = [("Hafsa", 7, self.secondary, Sex.FEMALE), ("Zainab", 7, self.secondary, Sex.FEMALE)]
        kin = self.kin("Begum", "Amina", None, twins)
        kin.children[1].born = kin.children[0].born
        case = self.opened(kin, self.secondary.first(Role.SAFEGUARDING_LEAD), 90, [self.nurse])
        self.make.casework.share_with_team(case, is_careful=False, with_school=False)
        self.make.casework.share(case, [self.partners.camhs.id], runs=(80, -200), is_confirmed=False)
        for child in kin.children:
            self._need(case, child, Severity.ADDITIONAL)
            self.make.reporting.ordinary(case.lead, child, 15, case.home)
        return case

    def moved(self) -> Case:
        """Changed primary in mid-year; the new school sees what its position shares, the old one no more."""
        kin = self.kin("Nowak", "Agnieszka", "Tomasz", [("Kacper", 6, self.primary, Sex.MALE)], write_school=False)
        child, new = kin.children[0], self.partners.schools.primaries[1]
        moved_on = self.world.day(45)
        joined = min(child.joined_on or moved_on, moved_on - timedelta(days=200))
        self.make.schooling.move_between(child, self.primary, new, joined, moved_on)
        self.make.schooling.propose(child, self.secondary, self.world.autumn(-1))
        case = self.opened(kin, self.practitioner, 120, [])
        self.make.casework.share_with_team(case, is_careful=False)
        casework = self.make.casework
        casework.share(case, [self.primary.id], runs=(119, -100))  # named for one school, it does not move with the child
        casework.share(case, [self.partners.police.id], withdrawn_on=self.world.day(20))
        casework.share(case, [self.partners.hospital.id], is_refusal=True, is_agreed=False)
        casework.share(case, [self.partners.camhs.id], runs=(118, 30))
        self._need(case, child, Severity.ADDITIONAL)
        for school, days_ago in ((self.primary, 70), (new, 12)):
            self.make.reporting.ordinary(school.first(Role.SCHOOL_STAFF), child, days_ago, None)
        return case

    def young_parent(self) -> Case:
        """A pupil of sixteen with a baby: a child here, a parent there. Her school is told of neither."""
        child = self.child("Kayleigh", "Firth", 11, self.secondary, Sex.FEMALE)
        self.make.schooling.write(child)
        kin = self.make.families.young_mother(child)
        case = self.opened(kin, self.visitor, 60, [self.practitioner])
        self.make.casework.share(case, [self.partners.community_health.id, self.partners.council.id], is_careful=True)
        self.make.reporting.report(
            self.visitor,
            "HEALTH_VISIT",
            [Part(kin.children, "New-birth visit; feeding well, mother tired and coping.")],
            21,
            case.home,
        )
        return case

    def expecting(self) -> Case:
        """An unborn child, known to health and to the council only."""
        kin = self.make.families.make(1, years=(-3,), unborn=True)
        case = self.opened(kin, self.visitor, 75, [self.practitioner])
        self.make.casework.share(case, [self.partners.community_health.id, self.partners.council.id])
        self.make.reporting.ordinary(self.visitor, kin.children[0], 11, case.home)
        return case

    def at_the_front_door(self) -> None:
        """A contact that nobody has decided: no team, no sharing decision, and triage may look."""
        kin = self.kin("Kaur", "Simran", "Gurpreet", [("Jasleen", 2, self.primary, Sex.FEMALE)])
        child, dsl = kin.children[0], self.primary.first(Role.SAFEGUARDING_LEAD)
        self.make.writer.write(kin, self.primary, dsl.by, 40)
        for human in (kin.mother, child):
            self.make.registry.known(human, self.partners.police, 30)
        reporting, home = self.make.reporting, kin.homes[0]
        reporting.contact(
            dsl,
            self.partners.front_door,
            child,
            2,
            decided=False,
            reason="Bruise that the story does not fit.",
        )
        reporting.contact(self.officer, self.partners.front_door, child, 90, channel=Channel.POLICE_NOTICE)
        reporting.report(
            self.nurse,
            "SCHOOL_NURSE_REVIEW",
            [Part([child], "Underweight; diet diary begun with her mother.")],
            50,
            home,
        )
        reporting.report(
            self.officer,
            "DOMESTIC_ABUSE_SUPPORT",
            [Part([kin.mother], "Safety plan agreed with her.")],
            31,
            home,
        )
        self.name(kin)

    def _reports_about(self, case: Case, noah: Human, ellie: Human, teacher: Worker, kin: Kin) -> None:
        reporting, home, raised = self.make.reporting, case.home, Sensitivity.SENSITIVE
        worries = Part([noah], "Drew what worries him; next session booked.", is_released=True)
        debts = Part([kin.mother], "Owes money to a lender; told in trust.", raised)
        going_better = Part([noah], "In class by nine on four days of five.", outcome="Going better")
        both = Part([noah, ellie], "A board game after tea each evening.")
        for worker, kind, part, days_ago in (
            (teacher, "ATTENDANCE_SUPPORT", going_better, 8),
            (self.nurse, "SCHOOL_NURSE_REVIEW", Part([noah], "Sleep and diet reviewed with his mother."), 40),
            (self.nurse, "EMOTIONAL_HEALTH", worries, 26),
            (self.officer, "COMMUNITY_SAFETY_VISIT", Part([kin.mother], "Called in about the nuisance."), 35),
            (
                self.youth_worker,
                "YOUTH_ACTIVITY",
                Part([ellie], "Joined the cooking group; two new friends."),
                18,
            ),
            (self.practitioner, "PARENTING_SUPPORT", both, 12),
            (self.practitioner, "HOUSING_AND_MONEY", debts, 22),
        ):
            reporting.report(worker, kind, [part], days_ago, home)
        reporting.family_report(self.practitioner, noah, kin.father or kin.mother, 16, home)
        reporting.report(
            teacher, "LEARNING_SUPPORT", [Part([noah], "Reading group.")], 6, home,
            withdrawn_at=self.world.instant(5), withdrawn_reason="Written about another child by mistake",
        )  # fmt: skip
        reporting.light_touch(self.youth_worker, "HOLIDAY_ACTIVITY", 50, 24, home.family_id)
        therapist = self.partners.camhs.first(Role.HEALTH_PRACTITIONER)
        involve = self.make.casework.involve
        involve(case, therapist, ellie, "Duty line of CAMHS, weekdays", raised)
        involve(case, self.nurse, noah, "School nursing, ask for the named nurse")
        involve(case, self.practitioner, noah, "Family Hub North")

    def _drop_in(self, child: Human, kind: str, done: str) -> None:
        health, service = self.partners.community_health, self.partners.drop_in
        by = By(health.id, self.nurse.id, service)
        record = self.make.registry.known_in_confidence(child, health, service, 28)
        self.world.record(
            "assignment", By(health.id, None, service), 28, Sensitivity.CONFIDENTIAL, holder_id=self.nurse.id,
            identity_record_id=record, from_on=self.world.day(28),
        )  # fmt: skip
        self.make.reporting.in_confidence(by, record, kind, done, 28)

    def _refuge(self, kin: Kin, home: Home) -> None:
        """Mother and child are in a refuge; only the social worker whom the council names knows where."""
        refuge, service = self.partners.refuge, self.partners.refuge_service
        by = By(refuge.id, self.partners.refuge_worker.id, service)
        for human in (kin.mother, kin.children[0]):
            record = self.make.registry.known_in_confidence(human, refuge, service, 100)
            self.make.casework.involve_in_confidence(by, record, "By the refuge's own line", 100)
            self.make.reporting.in_confidence(by, record, "DOMESTIC_ABUSE_SUPPORT", "Safety plan; room until spring.", 90)
        address = self.make.writer.address(
            self.make.families.home("Refuge"), kin.mother.at(self.partners.council), self.social_worker.by,
            100,
            is_confidential=True,
        )  # fmt: skip
        self.world.join(
            "address_reader",
            address_id=address,
            practitioner_id=self.social_worker.id,
            agency_id=self.partners.council.id,
        )

    def _awaits_a_steward(self, ellie: Human) -> None:
        """The play scheme writes the name as it hears it and knows no number: a person of its own so far."""
        scheme = next(group for group in self.partners.schools.voluntary if group.name == "Eastfields Play Scheme")
        heard = Human(ellie.origin, "Elly", "Hadly", ellie.sex, ellie.born, ellie.year)
        self.make.reporting.report(
            scheme.first(Role.VOLUNTARY_WORKER),
            "HOLIDAY_ACTIVITY",
            [Part([heard], "Four days of the scheme; lunch each day.")],
            50,
        )
        if heard.person_id:
            self.world.named["elly"] = heard.person_id

    def _need(self, case: Case, child: Human, severity: Severity) -> None:
        self.make.casework.need(case, child, severity)

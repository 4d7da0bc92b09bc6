"""Where children go to school, since when, and how often they were there."""

from datetime import date, timedelta

from throughline.demo.directory import Agency, Directory
from throughline.demo.human import (
    FIRST_SECONDARY,
    LAST_PRIMARY,
    LAST_SECONDARY,
    NURSERY,
    RECEPTION,
    Human,
    Registry,
)
from throughline.demo.world import World
from throughline.terms.role import Role
from throughline.terms.work import EnrolmentState

SESSIONS_A_YEAR = 380  # half days


class Schooling:
    def __init__(self, world: World, registry: Registry, schools: Directory, admissions: Agency) -> None:
        self.world, self.registry, self.schools, self.admissions = world, registry, schools, admissions

    def place(self, child: Human) -> None:
        """Chooses the school for the child's year; babies have none."""
        found = self._for_year(child.year if child.year is not None else -9)
        if found:
            self.put(child, self.world.pick(found))

    def put(self, child: Human, school: Agency, joined_on: date | None = None) -> None:
        year = child.year or 0
        child.school, child.joined_on = school, joined_on or self.world.autumn(year - self._first_year(year))
        if year < RECEPTION:
            return
        began = school if year <= LAST_PRIMARY else self.world.pick(self.schools.primaries)
        self.registry.upn(child, began)
        if year > LAST_SECONDARY:
            self.registry.uln(child)

    def write(self, child: Human) -> None:
        """The enrolment of a child with early help, the school before it, and attendance."""
        if child.school is None or child.joined_on is None:
            return
        before = self._before(child)
        self.enrol(child, child.school, child.joined_on, confirmed_by=before)
        if self._was_here_last_year(child):
            self._attended(child, child.school, 1)
        self._attended(child, child.school, 0)

    def enrol(
        self, child: Human, school: Agency, from_on: date, until_on: date | None = None,
        *, confirmed_by: Agency | None = None,
    ) -> None:  # fmt: skip
        """Said by the school, confirmed by the school before it, or by admissions; never by itself."""
        record = self.registry.known(child, school, self._days_ago(from_on) + 20)
        self._enrolment(record, school, from_on, until_on, confirmed_by or self.admissions)

    def propose(self, child: Human, school: Agency, from_on: date) -> None:
        record = self.registry.known(child, school, 12)
        lead = school.first(Role.INCLUSION_LEAD)
        self.world.record(
            "enrolment", lead.by, 12, identity_record_id=record, school_id=school.id,
            state=str(EnrolmentState.PROPOSED), from_on=from_on,
        )  # fmt: skip

    def nameless(self, child: Human) -> None:
        """A pupil without early help."""
        if child.school and child.joined_on:
            record = self.registry.nameless(child, child.school)
            self._enrolment(record, child.school, child.joined_on, None, self.admissions)

    def move(self, child: Human, days_ago: int) -> None:
        """Changed school that many days ago: the old one ended and said yes to the new one."""
        choices = self._for_year(child.year or 0)
        if child.school is None or child.joined_on is None or len(choices) < 2:
            self.write(child)
            return
        old, moved_on = child.school, self.world.day(days_ago)
        joined = min(child.joined_on, moved_on - timedelta(days=90))
        new = self.world.pick([school for school in choices if school is not old])
        self.move_between(child, old, new, joined, moved_on)

    def move_between(self, child: Human, old: Agency, new: Agency, joined: date, moved_on: date) -> None:
        self.enrol(child, old, joined, moved_on - timedelta(days=1))
        if self._was_here_last_year(child):
            self._attended(child, old, 1)
        child.school, child.joined_on = new, moved_on
        self.enrol(child, new, moved_on, confirmed_by=old)
        self._attended(child, new, 0)

    def _before(self, child: Human) -> Agency | None:
        """Writes the primary of a child who is in secondary now; it confirmed the move."""
        if child.year is None or not FIRST_SECONDARY <= child.year <= LAST_SECONDARY:
            return None
        primary = self.world.pick(self.schools.primaries)
        years = child.year - FIRST_SECONDARY
        self.enrol(child, primary, self.world.autumn(child.year), self.world.summer(years))
        return primary

    def _enrolment(self, record: object, school: Agency, from_on: date, until_on: date | None, confirmer: Agency) -> None:
        world, made = self.world, self._days_ago(from_on) + 20
        role = Role.TRANSITION_COORDINATOR if confirmer is self.admissions else Role.INCLUSION_LEAD
        world.record(
            "enrolment", school.first(Role.INCLUSION_LEAD).by, made, identity_record_id=record,
            school_id=school.id,
            state=str(EnrolmentState.CONFIRMED), from_on=from_on, until_on=until_on,
            confirmed_by_agency_id=confirmer.id, confirmed_by_id=confirmer.first(role).id,
            confirmed_at=world.instant(max(made - 6, 1)),
        )  # fmt: skip

    def _attended(self, child: Human, school: Agency, years_ago: int) -> None:
        world = self.world
        rate = world.between(780, 985) / 1000
        if child.year is None or child.year < RECEPTION:
            return
        gone = (world.as_of - world.autumn(years_ago)).days if not years_ago else 365
        possible = max(2, min(SESSIONS_A_YEAR, gone * SESSIONS_A_YEAR // 330))
        attended = int(possible * rate)
        authorised = (possible - attended) * 6 // 10
        counted = world.day(7) if not years_ago else world.summer(years_ago - 1)
        world.record(
            "attendance", school.by, self._days_ago(counted), identity_record_id=child.at(school),
            school_id=school.id,
            school_name=school.name, counted_on=counted, academic_year=world.autumn(years_ago).year,
            sessions_possible=possible, sessions_attended=attended, sessions_authorised=authorised,
            sessions_unauthorised=possible - attended - authorised,
        )  # fmt: skip

    def _was_here_last_year(self, child: Human) -> bool:
        return child.year is not None and child.year > self._first_year(child.year)

    def _days_ago(self, day: date) -> int:
        return (self.world.as_of - day).days

    def _for_year(self, year: int) -> list[Agency]:
        if year < NURSERY:
            return []
        if year < RECEPTION:
            return self.schools.nurseries
        if year <= LAST_PRIMARY:
            return self.schools.primaries
        return self.schools.secondaries if year <= LAST_SECONDARY else self.schools.colleges

    def _first_year(self, year: int) -> int:
        """The year in which one joins this kind of school."""
        if year < RECEPTION:
            return NURSERY
        if year <= LAST_PRIMARY:
            return RECEPTION
        return FIRST_SECONDARY if year <= LAST_SECONDARY else LAST_SECONDARY + 1

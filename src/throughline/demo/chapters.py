"""What the stories need to be told: who is who, and how a family is made to order and a case opened."""

from dataclasses import dataclass

from throughline.demo.casework import Case, Casework
from throughline.demo.directory import Agency, Worker
from throughline.demo.human import Human, Registry
from throughline.demo.kin import Families, FamilyWriter, Kin
from throughline.demo.partners import Partners
from throughline.demo.reporting import Reporting
from throughline.demo.schooling import Schooling
from throughline.demo.world import World
from throughline.terms.names import fold
from throughline.terms.role import Role
from throughline.terms.work import Sex


@dataclass
class Makers:
    """Everything that writes."""

    world: World
    registry: Registry
    partners: Partners
    schooling: Schooling
    families: Families
    writer: FamilyWriter
    casework: Casework
    reporting: Reporting


class Chapters:
    def __init__(self, make: Makers) -> None:
        self.make, self.world, self.partners = make, make.world, make.partners
        self.primary = make.partners.schools.primaries[0]
        self.secondary = make.partners.schools.secondaries[0]
        self.triage = make.partners.front_door.first(Role.TRIAGE_WORKER)
        self.practitioner = make.partners.council.first(Role.FAMILY_PRACTITIONER)
        self.social_worker = make.partners.council.first(Role.SOCIAL_WORKER)
        self.nurse = make.partners.drop_in_nurse
        self.visitor = make.partners.health()[-1]
        self.officer, self.brother = make.partners.police.workers[Role.POLICE_OFFICER][:2]
        self.youth_worker = make.partners.schools.voluntary[0].first(Role.VOLUNTARY_WORKER)

    def opened(
        self,
        kin: Kin,
        lead: Worker,
        days_ago: int,
        members: list[Worker],
        social_worker: Worker | None = None,
    ) -> Case:
        self.make.writer.write(kin, lead.agency, lead.by, days_ago)
        case = Case(kin.homes[0], lead, self.triage, days_ago, members=members)
        self.make.casework.team(case, social_worker=social_worker)
        self.name(kin)
        return case

    def name(self, kin: Kin) -> None:
        """Kept beside the rows, for `viewers.py`: children by forename, families by surname."""
        for child in kin.children:
            if child.given and child.person_id:
                self.world.named.setdefault(fold(child.given), child.person_id)
        if family := kin.homes[0].family_id:
            self.world.named.setdefault(f"family {fold(kin.mother.family)}", family)

    def child(self, given: str, family: str, year: int, school: Agency, sex: Sex) -> Human:
        child = self.make.registry.child(year, self.make.registry.origin(), family)
        child.given, child.sex = given, sex
        child.nhs = child.nhs or self.make.registry.next_nhs()
        self.make.schooling.put(child, school)
        return child

    def kin(
        self, family: str, mother: str, father: str | None, children: list[tuple[str, int, Agency, Sex]], *,
        separated: bool = False, grandparent: str | None = None, write_school: bool = True,
    ) -> Kin:  # fmt: skip
        registry, families = self.make.registry, self.make.families
        born = [self.child(given, family, year, school, sex) for given, year, school, sex in children]
        origin = born[0].origin
        parents = [registry.adult(38, origin, family, Sex.FEMALE)]
        parents[0].given = mother
        if father:
            parents.append(registry.adult(41, origin, family, Sex.MALE))
            parents[1].given = father
        kin = Kin(born, parents[0], parents[1] if father else None, [families.home(f"{family} household")])
        if grandparent:
            kin.grandparent = registry.adult(66, origin, family, Sex.FEMALE)
            kin.grandparent.given = grandparent
        families.settle(kin, separated=separated)
        if write_school:
            for child in born:
                self.make.schooling.write(child)
        return kin

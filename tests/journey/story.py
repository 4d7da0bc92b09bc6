"""How Sara's family comes to be helped together: each chapter is a method, in order, and acts only through the portal.

Sara Darwish, eleven, lives with her brother Adam and her parents Layla and Yusuf. Adam spends weekends with Kofi.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.journey import words
from tests.journey.directory import HIGH_SCHOOL_NUMBER, OAKFIELD_NUMBER, Town
from tests.journey.documents import SEARCH
from tests.journey.signed_in import SignedIn, identity
from tests.served import Served
from throughline.access.gate import day_in_london
from throughline.terms.numbers import make_upn, parse_laestab, synthetic_nhs_numbers
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role
from throughline.transfer.ctf_sample import SamplePupil, SampleSchool, file_name, write_ctf

TODAY = day_in_london(datetime.now(UTC))
WORKS_FOR = {
    Role.TRIAGE_WORKER: Purpose.TRIAGE,
    Role.IDENTITY_STEWARD: Purpose.IDENTITY,
    Role.TRANSITION_COORDINATOR: Purpose.TRANSITION,
    Role.PRIVACY_OFFICER: Purpose.ASSURANCE,
    Role.ANALYST: Purpose.OVERSIGHT,
    Role.AGENCY_ADMINISTRATOR: Purpose.ADMINISTRATION,
}
"""For what somebody signs in, where it is not SUPPORT."""

UPN = make_upn(f"{OAKFIELD_NUMBER}19001")
NHS = dict(zip(("Sara", "Adam", "Yusuf"), synthetic_nhs_numbers(), strict=False))


def day(offset: int) -> str:
    """That many days from today."""
    return (TODAY + timedelta(days=offset)).isoformat()


def born(age: int) -> str:
    return date(TODAY.year - age, 1, 1).isoformat()


SARA = ("Sara", "Darwish", born(11))
ADAM = ("Adam", "Darwish", born(6))
LAYLA = ("Layla", "Haddad", born(34))
YUSUF = ("Yusuf", "Darwish", born(38))
KOFI = ("Kofi", "Owusu", born(40))
IN_HEALTH = identity("H-4", *SARA, upn=UPN, nhsNumber=NHS["Sara"])
AT_OAKFIELD = identity("O-17", *SARA, upn=UPN)
AT_HIGH_SCHOOL = identity("M-88", *SARA, upn=UPN)
AT_THE_HUB = {
    "Sara": identity("F-1", *SARA, upn=UPN),
    "Adam": identity("F-2", *ADAM, nhsNumber=NHS["Adam"]),
    "Layla": identity("F-3", *LAYLA),
    "Yusuf": identity("F-4", *YUSUF, nhsNumber=NHS["Yusuf"]),
    "Kofi": identity("F-5", *KOFI),
}
WITH_WHOM = ("HEALTH", "POLICE", "LOCAL_AUTHORITY")
AT_HOME = {"Sara": "CHILD", "Adam": "CHILD", "Layla": "PARENT", "Yusuf": "PARENT"}


@dataclass
class Story:
    served: Served
    town: Town
    folder: Path
    _signed_in: dict[tuple[str, Purpose], SignedIn] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    """Of people, households, the family and records, by what the story calls them."""

    def at(self, called: str, purpose: Purpose | None = None) -> SignedIn:
        """Somebody of the directory, signed in for what they ordinarily do, or for `purpose`."""
        who = self.town.workers[called]
        chosen = purpose or WORKS_FOR.get(who.role, Purpose.SUPPORT)
        if (called, chosen) not in self._signed_in:
            self._signed_in[called, chosen] = SignedIn(self.served.url, who, chosen)
        return self._signed_in[called, chosen]

    def close(self) -> None:
        for one in self._signed_in.values():
            one.close()

    def reports(self, by: str, kind: str, *parts: tuple[Any, str, dict[str, Any]], **more: Any) -> Any:
        """A support report; each part is (people, what was done, anything else about it)."""
        said = [{"about": about, "whatWasDone": text, **rest} for about, text, rest in parts]
        given = {"kindOfSupport": kind, "givenOn": day(-30), "delivery": "ONE_TO_ONE", "parts": said} | more
        return self.at(by).does("supportReportSubmit", "supportReport { id version parts { about { id } } }", **given)

    # The chapters

    def two_agencies_say_who_supports_her(self) -> None:
        """By their own ids for her: to whoever is not assigned, what their colleagues write stays closed."""
        for administrator, own_id, supporters in (
            ("school administrator", "O-17", ("teacher", "old lead", "old office")),
            ("health administrator", "H-4", ("nurse", "other nurse")),
        ):
            for one in supporters:
                given = {"practitionerId": str(self.town.workers[one].id), "localId": own_id, "fromOn": day(-60)}
                made = self.at(administrator).does("assignmentStart", "recordedId", **given)
                assert made, made

    def four_agencies_report_support(self) -> None:
        """Each types what it did, and searches for nobody first. The youth group and the police know no number."""
        made = self.reports("teacher", "ATTENDANCE_SUPPORT", ([AT_OAKFIELD], words.GATE, {}))
        self.ids["Sara"], self.ids["the teacher's report"] = made["parts"][0]["about"][0]["id"], made["id"]
        self.reports("old lead", "ATTENDANCE_SUPPORT", ([AT_OAKFIELD], words.MORNINGS, {}))
        self.reports("nurse", "SCHOOL_NURSE_REVIEW", ([IN_HEALTH], words.SLEEP, {}))
        self.reports("nurse", "EMOTIONAL_HEALTH", ([IN_HEALTH], words.WORRIES, {"isReleased": True}))
        self.reports("nurse", "EMOTIONAL_HEALTH", ([IN_HEALTH], words.SECRET_FEAR, {}))
        self.reports("other nurse", "SCHOOL_NURSE_REVIEW", ([IN_HEALTH], words.EYES, {}))
        self._treatment_and_a_family_session()
        made = self.reports("officer", "COMMUNITY_SAFETY_VISIT", ([identity("P-9", *SARA)], words.VISIT, {}))
        self.ids["Sara as the police know her"] = made["parts"][0]["about"][0]["id"]
        made = self.reports("youth worker", "YOUTH_ACTIVITY", ([identity("Y-3", *SARA)], words.CLUB, {}))
        self.ids["Sara as the youth group knows her"] = made["parts"][0]["about"][0]["id"]

    def _treatment_and_a_family_session(self) -> None:
        """One report of two parts: the child's is ordinary, the father's is about his treatment."""
        sara, yusuf = identity("R-1", *SARA, nhsNumber=NHS["Sara"]), identity("R-2", *YUSUF, nhsNumber=NHS["Yusuf"])
        treatment = ([yusuf], words.TREATMENT, {"sensitivity": "SENSITIVE"})
        made = self.reports("recovery worker", "PARENTING_SUPPORT", ([sara], words.SESSION, {}), treatment)
        self.ids["the report on treatment"] = made["id"]

    def a_steward_links_the_child_without_a_number(self) -> None:
        """And triage the one whom the police know. They look first: three people with one name and birth date."""
        sought = {"name": "Sarah Darwich", "dateOfBirth": SARA[2], "reason": "SAME_PERSON"}
        found = self.at("steward").asks(SEARCH, input=sought)["personSearch"]
        assert found["totalCount"] == 3
        reason = "Same name, birth date and street; confirmed with the youth group by telephone."
        for who, known_as in (("steward", "the youth group knows"), ("triage", "the police know")):
            other = self.ids[f"Sara as {known_as} her"]
            self.at(who).does("identityLink", "person { id }", personId=self.ids["Sara"], otherPersonId=other, reason=reason)

    def the_school_asks_the_front_door_for_help(self) -> None:
        about, front_door = {"personId": self.ids["Sara"]}, str(self.town.council)
        made = self.at("old lead").does(
            "contactMake", "contact { id version }", about=about, frontDoorId=front_door, reason=words.CONTACT
        )
        self.ids["the contact"] = made["id"]

    def the_child_is_on_roll(self) -> None:
        """The school proposes; the council's coordinator confirms."""
        given: dict[str, Any] = {"about": AT_OAKFIELD, "schoolId": str(self.town.oakfield), "fromOn": day(-700)}
        office = self.at("old office", Purpose.TRANSITION)
        made = office.does("enrolmentStart", "enrolment { id version state }", **given)
        assert made["state"] == "PROPOSED"
        made = self.at("coordinator").does("enrolmentConfirm", "enrolment { state }", id=made["id"], version=made["version"])
        assert made["state"] == "CONFIRMED"

    def a_family_begins_with_a_lead(self) -> None:
        """The hub's manager starts it for the child of the contact; the front door says yes; the lead adds the others."""
        made = self.at("hub manager").does(
            "familyStart", "teamPosition { id version isConfirmed household { id } }",
            label="Home", leadId=str(self.town.workers["lead"].id), about=[AT_THE_HUB["Sara"]], fromOn=day(-20),
        )  # fmt: skip
        assert not made["isConfirmed"]
        self.ids["home"] = made["household"]["id"]
        self._confirmed("teamPosition", made)
        for name, role in AT_HOME.items():
            self._moves_in("lead", "home", name, role)
        (family,) = self.at("lead").asks("{ families { edges { node { id } } } }")["families"]["edges"]
        self.ids["the family"] = family["node"]["id"]
        self._position("hub manager", "lead", "home", "LEAD", [AT_THE_HUB[name] for name in ("Adam", "Layla", "Yusuf")])
        self.at("lead").does(
            "relationshipRecord", "relationship { id }", householdId=self.ids["home"], person=self._person("Layla"),
            other=self._person("Sara"), kind="PARENT_OF", howKnown="Said by the mother",
        )  # fmt: skip

    def adam_has_a_second_household(self) -> None:
        """Another team for it: one household's team sees nothing of the other's adults."""
        family = self.ids["the family"]
        self.ids["weekends"] = self.at("lead").does("householdStart", "householdId", familyId=family, label="Weekends")
        self._position("hub manager", "weekend lead", "weekends", "LEAD", [AT_THE_HUB["Adam"]])
        self._moves_in("weekend lead", "weekends", "Adam", "CHILD")
        self._moves_in("weekend lead", "weekends", "Kofi", "PARENT")

    def a_team_forms(self) -> None:
        for member in ("nurse", "officer", "brother"):
            self._position("lead", member, "home", "MEMBER", [self._person(name) for name in AT_HOME])
        nurse, lead = self.at("nurse"), self.at("lead")
        made = nurse.does(
            "involvementStart", "involvement { id }", about=self._person("Sara"), howToReach=words.HOW_TO_REACH, fromOn=day(-15)
        )
        self.ids["the nurse's involvement"] = made["id"]
        lead.does(
            "needRecord", "need { id }", about=self._person("Sara"), severity="ADDITIONAL", reason=words.NEED, fromOn=day(-15)
        )

    def it_is_decided_what_may_be_shared(self) -> None:
        """With the school where the child is on roll, whichever that is, and with health, police and council: each
        parent agrees for themselves and the children."""
        whose = {"Layla": ["Sara", "Adam", "Layla"], "Yusuf": ["Sara", "Adam", "Yusuf"]}
        self._decisions = [self._shared(by, names) for by, names in whose.items()]
        self.ids["the decision"] = self._decisions[0]["id"]

    def _shared(self, by: str, names: list[str]) -> Any:
        made = self.at("lead").does(
            "sharingDecisionRecord", "sharingDecision { id version isConfirmed }",
            about=[self._person(name) for name in names], agreedBy=self._person(by), purpose="SUPPORT",
            kinds=["SUPPORT_REPORT", "INVOLVEMENT", "NEED", "MEMBERSHIP"], sensitiveKinds=["SUPPORT_REPORT"],
            receivers=[{"position": "SCHOOL_ON_ROLL"}, *({"kindOfAgency": kind} for kind in WITH_WHOM)],
            lawfulBasis="PUBLIC_TASK", specialCategory="HEALTH_OR_SOCIAL_CARE", crimeCondition="SAFEGUARDING",
            confidenceMet="AGREEMENT", decidedBy="Layla Haddad and Amira Saleh", fromOn=day(-20), reviewOn=day(90),
            untilOn=day(200),
        )  # fmt: skip
        assert not made["isConfirmed"]
        return made

    def the_front_door_agrees_to_the_sharing(self) -> None:
        for made in self._decisions:
            self._confirmed("sharingDecision", made)

    def the_front_door_decides(self) -> None:
        self.at("triage").does(
            "contactDecide", "contact { decision }", id=self.ids["the contact"], version=1, decision=words.DECISION
        )

    def the_officer_is_the_mothers_brother(self) -> None:
        """He says so himself, as soon as he sees who the mother is."""
        self.at("brother").does("connectionDeclare", "isDeclared", about=self._person("Layla"), kind="RELATIVE")

    def sara_moves_to_secondary_school(self) -> None:
        """She left last week; the primary school's office brings the file in."""
        oakfield = SampleSchool(parse_laestab(OAKFIELD_NUMBER), "112001", "Oakfield Primary School")
        left: dict[str, Any] = {"entered_on": day(-700), "left_on": day(-8)}
        pupils = [
            SamplePupil(UPN, "Darwish", "Sara", SARA[2], **left),
            SamplePupil(make_upn(f"{OAKFIELD_NUMBER}19002"), "Nobody", "Peter", born(11), **left),
        ]
        path = self.folder / file_name(oakfield, HIGH_SCHOOL_NUMBER)
        sent_at = f"{day(-7)}T08:30:00"
        path.write_bytes(b"".join(write_ctf(pupils, source=oakfield, destination=HIGH_SCHOOL_NUMBER, sent_at=sent_at)))
        done = self.served.command("import-ctf", "--as", self.town.workers["old office"].email, str(path))
        assert done.returncode == 0, done.stderr
        assert "1 known here" in done.stdout

    def support_goes_on(self) -> None:
        self.reports("nurse", "SCHOOL_NURSE_REVIEW", ([IN_HEALTH], words.LATER, {}), givenOn=day(-2))
        made = self.reports("new lead", "ATTENDANCE_SUPPORT", ([AT_HIGH_SCHOOL], words.NEW_SCHOOL, {}), givenOn=day(-1))
        self.ids["the new school's report"] = made["id"]

    def a_confidential_drop_in(self) -> None:
        """Under another name and about somebody else's phone number: all of it stays in the service."""
        sara = [identity("D-1", "Sara", words.DROP_IN_NAME, SARA[2], upn=UPN, nhsNumber=NHS["Sara"])]
        made = self.reports("nurse", "SEXUAL_HEALTH", (sara, words.DROP_IN, {}), givenOn=day(0), serviceId=str(self.town.drop_in))
        self.ids["the drop-in"] = made["id"]

    def until_the_sharing(self) -> None:
        self.two_agencies_say_who_supports_her()
        self.four_agencies_report_support()
        self.a_steward_links_the_child_without_a_number()
        self.the_school_asks_the_front_door_for_help()
        self.the_child_is_on_roll()
        self.a_family_begins_with_a_lead()
        self.adam_has_a_second_household()
        self.a_team_forms()
        self.it_is_decided_what_may_be_shared()

    # What chapters share

    def _person(self, name: str) -> dict[str, str]:
        """Somebody of the family, as the lead has been shown them."""
        if name not in self.ids:
            query = "query Members($id: ID!) { family(id: $id) { members { person { id givenName } } } }"
            for member in self.at("lead").asks(query, id=self.ids["the family"])["family"]["members"]:
                self.ids[member["person"]["givenName"]] = member["person"]["id"]
        return {"personId": self.ids[name]}

    def _moves_in(self, who: str, household: str, name: str, role: str) -> None:
        self.at(who).does(
            "membershipStart", "member { id }", householdId=self.ids[household], about=AT_THE_HUB[name], role=role, fromOn=day(-400)
        )

    def _position(self, by: str, holder: str, household: str, position: str, about: list[Any]) -> None:
        made = self.at(by).does(
            "teamPositionPropose", "teamPosition { id version }", householdId=self.ids[household], position=position,
            holderId=str(self.town.workers[holder].id), about=about, fromOn=day(-20),
        )  # fmt: skip
        self._confirmed("teamPosition", made)

    def _confirmed(self, what: str, made: Any) -> None:
        """The front door, a second agency, says yes."""
        said = self.at("triage").does(f"{what}Confirm", f"{what} {{ isConfirmed }}", id=made["id"], version=made["version"])
        assert said["isConfirmed"]

"""Why things were shared near the focused practitioners: who agreed, refused, signed; and what ended early, each both ways."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from tests.reading.casework import EVERY_KIND, NEED_AND_INVOLVEMENT, confirmed, made, record_of
from tests.reading.sharing import WALLS
from tests.reading.worlds import NOW, TODAY, Kin, Who, World
from throughline.records.sharing_scope import SCOPE
from throughline.terms.agency_kind import SCHOOLS, AgencyKind
from throughline.terms.holder import KIND_HOLDER, SCHOOL_ON_ROLL
from throughline.terms.role import Role
from throughline.terms.sharing import AgreementBy, ReviewOutcome, WithoutAgreement

Row = dict[str, Any]
LONG_AGO, LATELY = TODAY - timedelta(days=40), TODAY - timedelta(days=20)


def share(world: World, who: Row, role: Role, agency: Row, kin: Kin) -> None:
    """Around one family, as this practitioner may see it."""
    mine = made(world, agency["id"], sensitive=0.1) | {"practitioner_id": who["id"], "withdrawn_at": None, "withdrawn_reason": None}
    for person in world.some(kin.people, 2):
        _agreed(world, world.pick((mine, made(world, agency["id"]), made(world))), person, world.pick(kin.people))
    receivers = [agency["id"]]
    for ending in world.some((_nothing, _grown, _with_the_service, _undecided, _refused, _refused), 2):
        decision = decided(world, made(world, sensitive=0.05), world.some(kin.people, 2), receivers)
        reason = _reason(world, decision, **_by_agreement(world, decision, kin))
        ending(world, decision, reason, kin)
    if world.happens(0.5):
        refusal = decided(world, made(world, sensitive=0.1), [world.pick(kin.people)], receivers, is_refusal=True)
        _reason(world, refusal, **_by_agreement(world, refusal, kin))
    if world.happens(0.3):  # of another agency, and it waits for a second one
        decided(world, _of_another(world, agency), [world.pick(kin.people)], receivers, is_confirmed=False)
    colleagues = [row["id"] for row in world.staff(agency["id"]) if row["id"] != who["id"]]
    if world.happens(0.5):
        _proposed(world, mine, kin, agency["id"], signer=world.pick((None, world.pick(world.rows["practitioner"])["id"])))
    if world.happens(0.5):
        _proposed(world, _of_another(world, agency), kin, agency["id"], signer=who["id"])
    if role in (Role.TEAM_MANAGER, Role.PRIVACY_OFFICER) or world.happens(0.2):
        _proposed(world, mine | {"practitioner_id": world.pick((None, *colleagues))}, kin, agency["id"], signer=None)


def decided(
    world: World, by: Row, people: list[Who], receivers: list[UUID], *, is_refusal: bool = False, is_confirmed: bool = True
) -> Row:
    """A decision that runs today, of its row."""
    row = {
        "id": world.new_id(), "lawful_basis": "PUBLIC_TASK", "special_category": None, "crime_condition": None, "confidence_met": None,
        "purpose": world.pick(("SUPPORT", "SUPPORT", "PROTECTION")), "kinds": EVERY_KIND, "sensitive_kinds": world.pick((0, EVERY_KIND)),
        "is_agreed_by_person": False, "is_refusal": is_refusal, "decided_by": "the mother", "from_on": LONG_AGO, "review_on": TODAY,
        "until_on": TODAY + timedelta(days=world.pick((0, 60))), "withdrawn_on": None, "reviewed_on": None, "review_outcome": None,
        **confirmed(world, by["agency_id"], is_confirmed), **by,
    }  # fmt: skip
    row["made_at"] = datetime.combine(LONG_AGO, time(9), NOW.tzinfo)
    world.rows["sharing_decision"].append(row)
    belongs = {"decision_id": row["id"], "agency_id": row["agency_id"]}
    for record in {record_of(world, one, by) for one in people}:
        world.join("sharing_decision_person", identity_record_id=record, **belongs)
    for receiver in receivers:
        world.join("sharing_decision_receiver", receiver_id=receiver, **belongs)
    return row


def _of_another(world: World, agency: Row) -> Row:
    other = world.pick([row for row in world.agencies() if row["id"] != agency["id"]])
    return made(world, other["id"], sensitive=0.1) | {"withdrawn_at": None, "withdrawn_reason": None}


def _covered(world: World, decision: Row) -> list[UUID]:
    return [row["identity_record_id"] for row in world.rows["sharing_decision_person"] if row["decision_id"] == decision["id"]]


def _by_agreement(world: World, decision: Row, kin: Kin) -> Row:
    """By the person, or by somebody else of the family."""
    own = world.pick(_covered(world, decision))
    other = world.pick(world.pick(kin.people).ordinary())["id"]
    return {"agreement": str(world.pick(list(AgreementBy))), "agreed_by_record_id": world.pick((own, other))}


def _reason(world: World, decision: Row, **rests: Any) -> Row:
    of = decision["id"]
    row = {
        **{name: decision[name] for name in (*WALLS, *SCOPE)}, "id": world.new_id(), "version": 1, "decision_id": of,
        "is_refusal": decision["is_refusal"],
        "receiver_ids": [r["receiver_id"] for r in world.rows["sharing_decision_receiver"] if r["decision_id"] == of],
        "agreement": None, "agreed_by_record_id": None, "judged_able_reason": None, "service_agreement_id": None,
        "without_agreement": None, "explanation": None, "signed_by_id": None, "signed_at": None, "note": None, **rests,
    }  # fmt: skip
    world.rows["sharing_reason"].append(row)
    for record in _covered(world, decision):
        world.join("sharing_reason_person", reason_id=row["id"], identity_record_id=record, agency_id=row["agency_id"])
    return row


def _proposed(world: World, by: Row, kin: Kin, receiver: UUID, *, signer: UUID | None) -> None:
    """Without anybody's agreement: it waits for a second signature, or has one; its last day may have passed."""
    is_over = world.happens(0.25)
    scope = {
        "lawful_basis": "PUBLIC_TASK", "special_category": None, "crime_condition": None, "confidence_met": None,
        "purpose": world.pick(("SUPPORT", "PROTECTION")), "kinds": NEED_AND_INVOLVEMENT, "sensitive_kinds": 0, "decided_by": "the lead",
        "from_on": LATELY, "review_on": LATELY, "until_on": TODAY - timedelta(days=1) if is_over else TODAY,
    }  # fmt: skip
    signer = None if signer == by["practitioner_id"] else signer
    reason = world.add(
        "sharing_reason", **by | {"version": 1}, **scope, decision_id=None, is_refusal=False, receiver_ids=[receiver],
        agreement=None, agreed_by_record_id=None, judged_able_reason=None, service_agreement_id=None,
        without_agreement=str(world.pick(list(WithoutAgreement))), explanation="Asking raises the risk.", signed_by_id=signer,
        signed_at=NOW if signer else None, note=None,
    )  # fmt: skip
    for record in {record_of(world, one, by) for one in world.some(kin.people, 2)}:
        world.join("sharing_reason_person", reason_id=reason, identity_record_id=record, agency_id=by["agency_id"])


def _agreed(world: World, by: Row, person: Who, by_whom: Who, **ends: Any) -> UUID:
    """That a service works with somebody: they, or somebody else for them."""
    return world.add(
        "service_agreement", **by, identity_record_id=record_of(world, person, by), service="Talking", is_refusal=not ends and world.happens(0.15),
        agreed_by=str(world.pick(list(AgreementBy))), agreed_by_record_id=world.pick(by_whom.ordinary())["id"], judged_able_reason=None,
        from_on=LONG_AGO, **{"until_on": None, "withdrawn_on": None} | ends,
    )  # fmt: skip


# What ends a decision before its last day, or just does not


def _nothing(world: World, decision: Row, reason: Row, kin: Kin) -> None:
    """It goes on."""


def _grown(world: World, decision: Row, reason: Row, kin: Kin) -> None:
    """Somebody else agreed: it has ended for whom it names and is 18."""
    reason["agreement"] = str(AgreementBy.PARENTAL_RESPONSIBILITY)
    reason["agreed_by_record_id"] = world.pick(world.pick(kin.people).ordinary())["id"]


def _with_the_service(world: World, decision: Row, reason: Row, kin: Kin) -> None:
    days = {
        name: world.pick((None, None, TODAY - timedelta(days=2), TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1)))
        for name in ("until_on", "withdrawn_on")
    }
    by = _of_another(world, {"id": None}) | {"sensitivity": "STANDARD"}
    reason["service_agreement_id"] = _agreed(world, by, world.pick(kin.people), world.pick(kin.people), **days)


def _undecided(world: World, decision: Row, reason: Row, kin: Kin) -> None:
    """An agreement to a service was withdrawn some days ago; somebody may have said since that the decision goes on."""
    gone = TODAY - timedelta(days=world.pick((9, 10, 11)))
    by = _of_another(world, {"id": None}) | {"sensitivity": "STANDARD"}
    persons = {row["person_id"] for row in world.rows["identity_record"] if row["id"] in _covered(world, decision)}
    person = world.pick([one for one in world.people if one.id in persons])
    _agreed(world, by, person, person, withdrawn_on=gone)
    decision["reviewed_on"] = world.pick((None, None, gone - timedelta(days=1), gone, TODAY))
    decision["review_outcome"] = decision["reviewed_on"] and str(
        world.pick((ReviewOutcome.GOES_ON, ReviewOutcome.GOES_ON, ReviewOutcome.ENDED))
    )


def _refused(world: World, decision: Row, reason: Row, kin: Kin) -> None:
    """Whoever agreed, whom it is about, or somebody else refused: the same, or something else."""
    receiver = world.rows["sharing_decision_receiver"][-1]["receiver_id"]
    agency = next(row for row in world.agencies() if row["id"] == receiver)
    kind = AgencyKind(agency["kind"])
    alike = [row["id"] for row in world.agencies(kind)]
    receivers = (
        receiver,
        receiver,
        KIND_HOLDER[kind],
        *(world.pick((one, SCHOOL_ON_ROLL)) for one in alike if kind in SCHOOLS),
        alike[-1],
    )
    persons = {row["person_id"] for row in world.rows["identity_record"] if row["id"] in _covered(world, decision)}
    people = [one for one in world.people if one.id in persons]
    refusal = decided(
        world,
        _of_another(world, {"id": None}),
        people[:1],
        [world.pick(receivers)],
        is_refusal=True,
        is_confirmed=world.happens(0.5),
    )
    refusal["purpose"] = decision["purpose"] if world.happens(0.85) else "TRIAGE"
    refusal["kinds"] = world.pick((EVERY_KIND, EVERY_KIND, NEED_AND_INVOLVEMENT))
    refusal["until_on"] = world.pick((refusal["until_on"], refusal["until_on"], TODAY, TODAY - timedelta(days=1)))
    refusal["review_on"] = LONG_AGO
    refusal["withdrawn_on"] = world.pick((None, None, None, TODAY, TODAY + timedelta(days=1)))
    who = world.pick(
        (reason["agreed_by_record_id"], world.pick(people[0].ordinary())["id"], world.pick(kin.people[0].ordinary())["id"])
    )
    _reason(world, refusal, agreement=str(AgreementBy.PERSON), agreed_by_record_id=who)

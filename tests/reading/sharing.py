"""Why decisions of a random world were made, and who agreed to services in it: beside the rest, which stays as it was."""

from datetime import timedelta
from random import Random
from typing import Any

from tests.reading.worlds import TODAY, World
from throughline.records.sharing_scope import SCOPE
from throughline.terms.sharing import AgreementBy, WithoutAgreement

WALLS = ("agency_id", "service_id", "practitioner_id", "sensitivity", "made_at", "withdrawn_at", "withdrawn_reason")


def make_sharing(world: World, chance: Random) -> None:
    agreements = [_agreement(world, chance, who) for who in world.people for _ in range(chance.choice((0, 1, 2)))]
    for decision in list(world.rows["sharing_decision"]):
        _reason(world, chance, decision, chance.choice([None, None, *agreements[:6]]))
        if chance.random() < 0.2:  # a proposal of the same, which waits for its second signature
            _reason(world, chance, decision, None, is_signed=False)


def _agreement(world: World, chance: Random, who: Any) -> Any:
    record = chance.choice(who.records)
    makers = [row for row in world.rows["practitioner"] if row["agency_id"] == record["agency_id"]]
    is_withdrawn = chance.random() < 0.2
    is_refusal = chance.random() < 0.15 and not is_withdrawn  # of what was refused there is nothing to withdraw
    return world.add(
        "service_agreement", agency_id=record["agency_id"], service_id=record["service_id"], version=1,
        practitioner_id=chance.choice(makers)["id"] if makers else None,
        sensitivity="CONFIDENTIAL" if record["service_id"] else chance.choice(("STANDARD", "STANDARD", "SENSITIVE")),
        made_at=world.rows["sharing_decision"][0]["made_at"], withdrawn_at=None, withdrawn_reason="No more." if is_withdrawn else None,
        identity_record_id=record["id"], service="Talking\nand «play»", is_refusal=is_refusal,
        agreed_by=str(chance.choice(list(AgreementBy))), agreed_by_record_id=chance.choice(chance.choice(world.people).records)["id"],
        judged_able_reason=chance.choice((None, "She sees what follows.")), from_on=TODAY - timedelta(days=40),
        until_on=chance.choice((None, None, TODAY)),
        withdrawn_on=TODAY - timedelta(days=chance.choice((0, 9, 10, 11))) if is_withdrawn else None,
    )  # fmt: skip


def _reason(world: World, chance: Random, decision: dict[str, Any], agreement: Any, *, is_signed: bool = True) -> None:
    covered = [row["identity_record_id"] for row in world.rows["sharing_decision_person"] if row["decision_id"] == decision["id"]]
    receivers = [row["receiver_id"] for row in world.rows["sharing_decision_receiver"] if row["decision_id"] == decision["id"]]
    is_agreed = bool(covered) and is_signed and chance.random() < 0.6
    signers = [row["id"] for row in world.rows["practitioner"] if row["id"] != decision["practitioner_id"]]
    reason = world.add(
        "sharing_reason", **{name: decision[name] for name in (*WALLS, *SCOPE)}, version=1,
        decision_id=decision["id"] if is_signed else None, is_refusal=decision["is_refusal"] and is_signed, receiver_ids=receivers,
        agreement=str(chance.choice(list(AgreementBy))) if is_agreed else None,
        agreed_by_record_id=chance.choice(covered) if is_agreed else None, judged_able_reason=None,
        service_agreement_id=agreement if is_agreed else None,
        without_agreement=None if is_agreed else str(chance.choice(list(WithoutAgreement))),
        explanation=None if is_agreed else "Said by the mother:\n«no»",
        signed_by_id=chance.choice(signers) if is_signed and not is_agreed else None,
        signed_at=decision["made_at"] if is_signed and not is_agreed else None, note=chance.choice((None, "It helps.")),
    )  # fmt: skip
    for record in covered:
        world.join("sharing_reason_person", reason_id=reason, identity_record_id=record, agency_id=decision["agency_id"])

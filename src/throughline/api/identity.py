"""Who somebody is, as the agency's own system says it: enough to report support without searching first."""

import datetime
import unicodedata
from collections.abc import Callable, Sequence

import strawberry

from throughline.api.selection import as_uuid
from throughline.api.vocabulary import Sex
from throughline.db.refusal import bad_input
from throughline.linking.identity import Identity
from throughline.records.about import About
from throughline.terms.numbers import (
    InvalidNumber,
    normalise_postcode,
    parse_nhs_number,
    parse_uln,
    parse_upn,
)

LONGEST_NAME, LONGEST_ID = 200, 100


@strawberry.input(
    description="A person as your own system knows them. Your own id is what counts: send the same one again and it is the same person. "
    "A UPN or NHS number, together with given name and date of birth, also finds the person whom other agencies know."
)
class IdentityInput:
    own_id: str = strawberry.field(
        description="Your own system's id for this person: anything that stays the same. Refused with another forename *and* birth date, "
        "or another number, than it came with before. Whoever is assigned puts a name or birth date right; from others it is passed over."
    )
    given_name: str | None = strawberry.field(default=None, description="First name or names.")
    family_name: str | None = strawberry.field(default=None, description="Surname.")
    date_of_birth: datetime.date | None = strawberry.field(default=None, description="Date of birth, as `YYYY-MM-DD`.")
    is_unborn: bool = strawberry.field(default=False, description="True for a child who is not yet born.")
    sex: Sex | None = strawberry.field(default=None, description="Sex, as your system records it.")
    upn: str | None = strawberry.field(default=None, description="Unique pupil number: a check letter and 12 characters.")
    uln: str | None = strawberry.field(default=None, description="Unique learner number: ten digits.")
    nhs_number: str | None = strawberry.field(default=None, description="NHS number: ten digits.")
    postcode: str | None = strawberry.field(
        default=None, description="Postcode of where they live. Used to link records, never shown."
    )


@strawberry.input(
    description="Somebody: a person whom you have been shown, or whoever your own system says it is. Give one of the two."
)
class AboutInput:
    person_id: strawberry.ID | None = strawberry.field(default=None, description="The id of a person whom you may see.")
    identity: IdentityInput | None = strawberry.field(default=None, description="The person as your own system knows them.")


def about(given: AboutInput, today: datetime.date, where: str) -> About:
    return About(
        person_id=as_uuid(given.person_id) if given.person_id else None,
        identity=identity(given.identity, today, f"{where}.identity") if given.identity else None,
    )


def abouts(given: Sequence[AboutInput], today: datetime.date) -> tuple[About, ...]:
    """The people of an input's field `about`."""
    return tuple(about(one, today, f"about.{place}") for place, one in enumerate(given))


def identity(given: IdentityInput, today: datetime.date, where: str) -> Identity:
    """Checked and normalised. Raises Refused with the place of what is wrong."""
    local_id = own_id(given.own_id, f"{where}.ownId")
    for name, text in (("givenName", given.given_name), ("familyName", given.family_name)):
        if text and (len(text) > LONGEST_NAME or "\x00" in text):
            raise bad_input(f"A name has at most {LONGEST_NAME} characters.", f"{where}.{name}")
    born = given.date_of_birth
    if born and not (born <= today and today.year - born.year <= 130):
        raise bad_input("Nobody was born on that day.", f"{where}.dateOfBirth")
    if given.is_unborn and born:
        raise bad_input("An unborn child has no date of birth yet.", f"{where}.dateOfBirth")
    return Identity(
        own_id=local_id,
        given_name=_name(given.given_name),
        family_name=_name(given.family_name),
        date_of_birth=born,
        is_unborn=given.is_unborn,
        sex=given.sex.value if given.sex else None,
        upn=_number(given.upn, lambda text: parse_upn(text).text, f"{where}.upn"),
        uln=_number(given.uln, parse_uln, f"{where}.uln"),
        nhs_number=_number(given.nhs_number, parse_nhs_number, f"{where}.nhsNumber"),
        postcode=_number(given.postcode, normalise_postcode, f"{where}.postcode"),
    )


def own_id(text: str, where: str) -> str:
    """Raises Refused."""
    own = " ".join(unicodedata.normalize("NFC", text).split())
    if not 1 <= len(own) <= LONGEST_ID or "\x00" in own:
        raise bad_input(f"Your own id has 1 to {LONGEST_ID} characters.", where)
    return own


def _name(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None


def _number(text: str | None, parse: Callable[[str], str], where: str) -> str | None:
    if not (text or "").strip():
        return None
    try:
        return parse(text or "")
    except InvalidNumber as invalid:
        raise bad_input(str(invalid), where) from invalid

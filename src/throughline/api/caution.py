"""Who must not be told, and safe contact: on every record about people."""

import datetime
from typing import Any
from uuid import UUID

import strawberry

from throughline.api.described import asked, said
from throughline.api.identity import AboutInput, about
from throughline.api.selection import as_uuid
from throughline.db.session import Session
from throughline.records.caution import Caution as Said
from throughline.records.caution import columns, confidential


@strawberry.type(description="What whoever reads a record must know before anything else in it: show it first.")
class Caution:
    must_not_be_told: str | None = said("Who must not be told of this, or of part of it, in the author's words.")
    safe_contact: str | None = said("How and when to be in touch safely, and what not to do, in the author's words.")


@strawberry.input(description="Who must not be told, or how to be in touch safely, or both.")
class CautionInput:
    must_not_be_told: str | None = asked("Who must not be told, and of what: 1 to 500 characters.", default=None)
    whom: AboutInput | None = asked(
        "Somebody whom these words mean, if you can name them. It is never shown to anybody; but practitioners who are connected with "
        "them, as relatives and partners are, will not see the record.",
        default=None,
    )
    safe_contact: str | None = asked("How and when to be in touch safely, and what not to do: 1 to 500 characters.", default=None)


def caution(given: CautionInput | None, today: datetime.date, where: str) -> Said | None:
    if given is None:
        return None
    whom = about(given.whom, today, f"{where}.whom") if given.whom else None
    return Said(given.must_not_be_told, whom, given.safe_contact)


async def beside(given: Any, session: Session, record_id: UUID) -> None:
    """What an input says of the record that the act is about to make, whichever kind that is. Raises Refused."""
    if said_so := caution(getattr(given, "caution", None), session.today, "caution"):
        service = getattr(given, "service_id", None)
        service_id = await confidential(session, as_uuid(service)) if service else None
        session.beside[record_id] = await columns(session, said_so, "caution", service_id=service_id)

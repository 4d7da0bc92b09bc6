"""Court orders about somebody: which, from when until when, what it says, and who must keep away. SENSITIVE at least."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Custody, Day, belongs, one_of, refers
from throughline.db.refusal import bad_input
from throughline.db.session import Session
from throughline.records.about import About, named_one
from throughline.records.change import changed, ends, own, runs, words
from throughline.records.record import Cautioned, Record, cautioned_rules, record_rules
from throughline.terms.family_law import CourtOrderKind
from throughline.terms.record_kind import RecordKind
from throughline.terms.sensitivity import Sensitivity

_KIND = RecordKind.COURT_ORDER


class CourtOrder(Record, Cautioned, Base):
    """`identity_record_id`: whom it is about, or protects. `keeps_away_id`: who must keep away from them; shown only where that
    person shows, and whoever is connected with that person does not see the order (`access/policy.py`)."""

    __tablename__ = "court_order"

    identity_record_id: Mapped[UUID] = refers("identity_record")
    custodian_id: Mapped[Custody]
    kind: Mapped[str] = mapped_column(Text)
    what_it_says: Mapped[str | None] = mapped_column(Text)
    keeps_away_id: Mapped[UUID | None] = mapped_column(Uuid)
    from_on: Mapped[Day]
    until_on: Mapped[date | None]

    __table_args__ = record_rules(
        *cautioned_rules(),
        belongs("keeps_away_id", "identity_record"),
        one_of("kind", CourtOrderKind),
        CheckConstraint("until_on is null or until_on >= from_on", name="ends_after_it_starts"),
        CheckConstraint("sensitivity <> 'STANDARD'", name="sensitive_at_least"),
        Index(None, "identity_record_id"),
    )


@dataclass(frozen=True, slots=True)
class Order:
    """A court has ordered this about somebody, from this day."""

    about: About
    kind: CourtOrderKind
    from_on: date
    until_on: date | None = None
    what_it_says: str | None = None
    keeps_away: About | None = None


LONGEST_ORDER = 2_000


async def record(session: Session, order_id: UUID, wanted: Order) -> None:
    """Record a court order. It opens nothing and closes nothing by itself. Raises Refused."""
    runs(wanted.from_on, wanted.until_on, session.today)
    if wanted.kind is CourtOrderKind.OTHER and not wanted.what_it_says:
        raise bad_input("Say what the order says.", "whatItSays")
    record_id = await named_one(session, wanted.about, "about")
    keeps_away = await named_one(session, wanted.keeps_away, "keepsAway") if wanted.keeps_away else None
    session.add_record(
        _KIND,
        CourtOrder,
        [record_id],
        id=order_id,
        sensitivity=Sensitivity.SENSITIVE,
        identity_record_id=record_id,
        kind=wanted.kind,
        what_it_says=words(wanted.what_it_says, "whatItSays", LONGEST_ORDER) if wanted.what_it_says else None,
        keeps_away_id=keeps_away,
        from_on=wanted.from_on,
        until_on=wanted.until_on,
    )
    await session.check()
    if keeps_away and await session.fetchrow(_ONE_PERSON, record_id, keeps_away):
        raise bad_input("Nobody keeps away from themselves.", "keepsAway")


async def amend(session: Session, order_id: UUID, version: int, what_it_says: str) -> None:
    """What it says, better. Another kind, day or person is another order: withdraw this one. Raises Refused."""
    row = await own(session, _KIND, CourtOrder, order_id, version)
    await changed(session, _KIND, CourtOrder, row, what_it_says=words(what_it_says, "whatItSays", LONGEST_ORDER))


async def end(session: Session, order_id: UUID, version: int, until_on: date) -> None:
    """Its last day: it ran out, or a court ended it. Raises Refused."""
    row = await own(session, _KIND, CourtOrder, order_id, version)
    await changed(session, _KIND, CourtOrder, row, until_on=ends(row, until_on, session.today))


_ONE_PERSON = """
    select 1 from portal.identity_record a join portal.identity_record b using (person_id)
    where a.id = $1 and b.id = $2
"""

"""A person: the set of identity records linked together, and nothing else."""

from uuid import UUID, uuid4

from sqlalchemy.orm import Mapped

from throughline.db.base import Base
from throughline.db.columns import Custody, Id, Instant


def new_person_id() -> UUID:
    """At random: an id in the order of time would tell whoever names somebody whether they were known here before."""
    return uuid4()


class Person(Base):
    """`custodian_id`: of a protected person, whose marks alone set it (`records/protection.py`)."""

    __tablename__ = "person"

    id: Mapped[Id]
    made_at: Mapped[Instant]
    custodian_id: Mapped[Custody]

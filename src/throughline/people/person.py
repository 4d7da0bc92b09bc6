"""A person: the set of identity records linked together, and nothing else."""

from sqlalchemy.orm import Mapped

from throughline.db.base import Base
from throughline.db.columns import Id, Instant


class Person(Base):
    __tablename__ = "person"

    id: Mapped[Id]
    made_at: Mapped[Instant]

"""Files that were brought in: who brought which, what came of it, and for a while the bytes, so that an import that was
killed or that left pupils out can be looked into without asking the school again."""

from typing import Any
from uuid import UUID

from sqlalchemy import Index, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from throughline.db.base import Base
from throughline.db.columns import Id, Instant


class ImportedFile(Base):
    """Seen by the agency that brought it alone. `report` holds no personal data. `content`, the bytes, is null once the import
    is accepted (it ended and left nobody out), and at the latest after `import_retention_days` (`db/housekeeping.py`)."""

    __tablename__ = "imported_file"

    id: Mapped[Id]
    agency_id: Mapped[UUID] = mapped_column(Uuid)
    practitioner_id: Mapped[UUID | None] = mapped_column(Uuid)
    sha256: Mapped[str] = mapped_column(Text)
    begun_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
    report: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (Index(None, "agency_id", "sha256"), Index(None, "begun_at"))

"""Why a Common Transfer File was refused as a whole, and what was odd about one that was not."""

from dataclasses import dataclass


class CtfError(Exception):
    """The file is refused: write nothing of it. `message` is for the sender and repeats no content."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class CtfNote:
    """Why a pupil was quarantined, or a warning. `code` is stable, `message` repeats no content."""

    code: str
    message: str

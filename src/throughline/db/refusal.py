"""Why an act was refused: one exception, a code from a closed list, and the place in the input that it is about."""

from enum import StrEnum


class RefusalCode(StrEnum):
    BAD_USER_INPUT = "BAD_USER_INPUT"
    NOT_FOUND = "NOT_FOUND"
    FORBIDDEN = "FORBIDDEN"
    CONFLICT = "CONFLICT"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"


class Refused(Exception):  # noqa: N818  # an answer, not a fault
    """`field`: the path in the input, like `parts.0.about.1.identity.upn`. The message repeats nothing that was sent."""

    def __init__(self, code: RefusalCode, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.field = code, message, field


def bad_input(message: str, field: str | None = None) -> Refused:
    return Refused(RefusalCode.BAD_USER_INPUT, message, field=field)


def not_found(field: str | None = None) -> Refused:
    """The same whether it does not exist or may not be seen."""
    return Refused(RefusalCode.NOT_FOUND, "There is no such thing, or you may not see it.", field=field)


def stale() -> Refused:
    return Refused(RefusalCode.CONFLICT, "Somebody changed this after you read it. Read it again.", field="version")


def overtaken() -> Refused:
    return Refused(RefusalCode.CONFLICT, "Others are writing the same at this moment. Send it again.")


def forbidden() -> Refused:
    return Refused(RefusalCode.FORBIDDEN, "No sentence of the policy lets you do this.")

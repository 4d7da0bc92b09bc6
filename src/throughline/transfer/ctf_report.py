"""What came of a Common Transfer File. It names nobody: pupils are counted, those left out told by their place in the file."""

from dataclasses import asdict, dataclass, field
from typing import Any

from throughline.transfer.ctf import CtfFile
from throughline.transfer.ctf_error import CtfNote


@dataclass(frozen=True, slots=True)
class LeftOut:
    """`ordinal` counts pupils from 1 in the order of the file."""

    ordinal: int
    reasons: tuple[CtfNote, ...]


@dataclass(slots=True)
class Tally:
    """What was done, for a pupil, a batch or a file. `kept_as_hashes`: pupils of whom only keyed hashes and enrolment dates stay.

    `enrolments_there`: nothing was to be done; `schools_outside`: schools attended that are not in the portal.
    """

    known: int = 0
    updated: int = 0
    kept_as_hashes: int = 0
    enrolments_proposed: int = 0
    enrolments_confirmed: int = 0
    enrolments_ended: int = 0
    enrolments_there: int = 0
    schools_outside: int = 0
    attendance_years: int = 0
    addresses: int = 0
    warnings: dict[str, int] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)

    def warn(self, code: str, times: int = 1) -> None:
        self.warnings[code] = self.warnings.get(code, 0) + times

    def add(self, other: "Tally") -> None:
        for name in self.__slots__:
            if name != "warnings":
                setattr(self, name, getattr(self, name) + getattr(other, name))
        for code, times in other.warnings.items():
            self.warn(code, times)


@dataclass(frozen=True, slots=True)
class CtfReport:
    """`source` and `destination`: the numbers of the schools, as the header says them. `warnings` are about the file; those
    about pupils are counted by code in `tally`. `not_kept` and `not_understood` count elements of the file."""

    sha256: str
    source: str
    destination: str | None
    pupils: int
    tally: Tally
    warnings: tuple[CtfNote, ...]
    not_kept: dict[str, int]
    not_understood: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, file: CtfFile, tally: Tally) -> "CtfReport":
        header = file.header
        return cls(
            sha256=file.sha256,
            source=str(header.source),
            destination=str(header.destination_school or header.destination or "") or None,
            pupils=file.pupil_count,
            tally=tally,
            warnings=file.warnings,
            not_kept=file.not_kept,
            not_understood=file.not_understood,
        )

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> "CtfReport":
        """What `as_dict` gave, as the database kept it."""
        tally = kept["tally"]
        left_out = [LeftOut(one["ordinal"], _notes(one["reasons"])) for one in tally["left_out"]]
        whole = {"tally": Tally(**(tally | {"left_out": left_out})), "warnings": _notes(kept["warnings"])}
        return cls(**(kept | whole))


def _notes(said: list[dict[str, str]]) -> tuple[CtfNote, ...]:
    return tuple(CtfNote(**note) for note in said)

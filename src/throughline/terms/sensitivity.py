"""How carefully a record must be held. The kind of support sets the floor; authors may only raise it."""

from enum import StrEnum


class Sensitivity(StrEnum):
    STANDARD = "STANDARD"
    SENSITIVE = "SENSITIVE"
    CONFIDENTIAL = "CONFIDENTIAL"

    @property
    def rank(self) -> int:
        return list(Sensitivity).index(self)

    def at_least(self, floor: "Sensitivity") -> "Sensitivity":
        """This one, or the floor where that is higher."""
        return self if self.rank >= floor.rank else floor

"""The grammar of the policy: phrases that run, rules that a data-protection officer could read aloud, and walls."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind
from throughline.terms.role import Role


class Verb(StrEnum):
    """SEE the record; SEE_EARLIER versions of it; KNOW_OF that records of the kind exist; FIND by search; and the acts.
    IMPORT: by a file of another system."""

    SEE = "SEE"
    SEE_EARLIER = "SEE_EARLIER"
    KNOW_OF = "KNOW_OF"
    FIND = "FIND"
    WRITE = "WRITE"
    CONFIRM = "CONFIRM"
    LINK = "LINK"
    IMPORT = "IMPORT"


class Basis(StrEnum):
    """The lawful bases of policy.md: the letter stands on the printed page."""

    PUBLIC_TASK = "T"
    LEGAL_OBLIGATION = "O"
    LEGITIMATE_INTERESTS = "I"
    VITAL_INTERESTS = "V"
    SPECIAL_CATEGORY = "S"
    CRIME_DATA = "X"
    CONFIDENCE_MET = "C"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A named condition. `sql` speaks of `{me}`, of the record `{r}`, of the openings `{m}` for the person it is
    about and `{hw}` for its household, of the identity record `{about}` on which it hangs, and of the kind's `{bit}`; `means` is
    its line in the printed glossary."""

    name: str
    means: str
    sql: str
    parts: tuple[Phrase, ...] = ()
    of_household: int = 0
    """The openings for the record's household (bits of `Because`) without which it does not hold; 0 if it asks for none."""
    is_choice: bool = False
    """Of its parts, one is enough."""

    def leaves(self) -> tuple[Phrase, ...]:
        return tuple(leaf for part in self.parts for leaf in part.leaves()) or (self,)


def all_of(*phrases: Phrase) -> Phrase:
    return Phrase(" and ".join(p.name for p in phrases), "", _joined(" and ", phrases), phrases)


def any_of(*phrases: Phrase) -> Phrase:
    return Phrase(f"({' or '.join(p.name for p in phrases)})", "", _joined(" or ", phrases), phrases, is_choice=True)


def _joined(word: str, phrases: tuple[Phrase, ...]) -> str:
    return f"({word.join(p.sql for p in phrases)})"


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence, or a part of one: rules with the same number are read together. No roles means any role."""

    number: int
    sentence: str
    may: tuple[Verb, ...]
    what: tuple[RecordKind, ...]
    purposes: tuple[Purpose, ...]
    when: Phrase
    basis: tuple[Basis, ...]
    roles: tuple[Role, ...]
    differs_by_area: bool = field(default=False)

    def speaks_to(self, verb: Verb, kind: RecordKind, role: Role, purpose: Purpose) -> bool:
        return verb in self.may and kind in self.what and role in self.roles and purpose in self.purposes


@dataclass(frozen=True, slots=True)
class Wall:
    """Refuses these verbs, whatever any sentence allows. `stands` is true of a row that stays hidden. No roles or kinds: for all."""

    name: str
    sentence: str
    verbs: tuple[Verb, ...]
    stands: Phrase
    roles: tuple[Role, ...] = ()
    what: tuple[RecordKind, ...] = ()

    def stands_before(self, verb: Verb, kind: RecordKind, role: Role) -> bool:
        return verb in self.verbs and (not self.roles or role in self.roles) and (not self.what or kind in self.what)

"""The scope of a token: one role and one purpose, as in `role:SAFEGUARDING_LEAD purpose:SUPPORT`."""

from dataclasses import dataclass

from throughline.terms.purpose import Purpose
from throughline.terms.role import Role


@dataclass(frozen=True, slots=True)
class Scope:
    role: Role
    purpose: Purpose

    def __str__(self) -> str:
        return f"role:{self.role.value} purpose:{self.purpose.value}"

    @classmethod
    def parse(cls, text: str) -> "Scope":
        """Exactly one of each, in either order; anything else is a ValueError."""
        words = dict(word.split(":", 1) for word in text.split() if ":" in word)
        if len(text.split()) != 2 or words.keys() != {"role", "purpose"}:
            raise ValueError("a scope is one 'role:…' and one 'purpose:…'")
        return cls(Role(words["role"]), Purpose(words["purpose"]))

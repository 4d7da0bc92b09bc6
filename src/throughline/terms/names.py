"""Names as people write them: one spelling to compare, one sound to find, one number to rank.

Blocking keys find candidates for a *search*, on purpose more than a link would need: spelling, accents, order
of names, swapped day and month and one slip of the finger all still meet. Ranking puts the right one first.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import product

from jellyfish import metaphone
from rapidfuzz.distance import JaroWinkler
from unidecode import unidecode

_APOSTROPHES = re.compile(r"['`]")
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")
_CODE_LENGTH = 6
_LONGEST_NAME = 200  # characters read; whatever comes after says nothing about who it is

# What spellings of one name disagree on: th/t, sh/s (Sean, Shaun), what is mute inside (Aisha, Ayesha).
_SAME_SOUND = str.maketrans({"0": "T", "X": "S"})
_MUTE_INSIDE = re.compile(r"(?<=.)[WYH]")
_REPEATED = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """Who is looked for, or who might be it. A person with one name only has it in either place."""

    given: str | None
    family: str | None
    birth_date: date | None = None


def fold(text: str | None) -> str:
    """Lower-case ASCII words with single spaces: `O’Brien-Smith` → `obrien smith`, `Straße` → `strasse`."""
    ascii_text = _APOSTROPHES.sub("", unidecode((text or "")[:_LONGEST_NAME])).lower()
    return _NOT_LETTERS.sub(" ", ascii_text).strip()


def phonetic(word: str) -> str:
    """How a folded word sounds, up to six characters; never empty for a word with a letter or digit in it."""
    sound = metaphone(word).replace(" ", "").translate(_SAME_SOUND)
    if not sound:
        return word.upper()[:_CODE_LENGTH]
    if word[0] in "aeiou":
        sound = "A" + sound.lstrip("AEIOU")
    return _MUTE_INSIDE.sub("", _REPEATED.sub(r"\1", sound))[:_CODE_LENGTH]


def search_keys(given: str | None, family: str | None, birth_date: date | None) -> set[str]:
    """The keys to store for a person: 10 for two plain names and a birth date, some 20 with a double surname.

    The letter in front says what the key is made of: both names (N), one name and the other's first (I)
    or last letter (L: the slip may be in the first), the only name (M), birth date and a name (D), birth year
    and a name (Y), birth year and initials (B).
    """
    first, last = _words(given), _words(family)
    keys = _name_keys(first, last)
    return keys | _dated_keys(first, last, birth_date) if birth_date else keys


def query_keys(given: str | None, family: str | None, birth_date: date | None) -> set[str]:
    """The keys to look up: as stored, and with day and month exchanged."""
    keys = search_keys(given, family, birth_date)
    exchanged = exchange_day_and_month(birth_date) if birth_date else None
    return keys | search_keys(given, family, exchanged) if exchanged else keys


def exchange_day_and_month(day: date) -> date | None:
    """The other reading of the date, if it has one."""
    if day.day > 12 or day.day == day.month:
        return None
    return day.replace(month=day.day, day=day.month)


def similarity(query: NamedPerson, candidate: NamedPerson) -> float:
    """From 0 to 1, to rank what a search found. No evidence that two people are one: that is `linking`."""
    names = _name_similarity(query, candidate)
    if query.birth_date is None:
        return names
    return 0.65 * names + 0.35 * _date_similarity(query.birth_date, candidate.birth_date)


def _words(name: str | None) -> list[str]:
    """At most three words, and all of them run together: `Abdul Rahman` is `Abdulrahman` elsewhere."""
    words = fold(name).split()
    kept = words[:2] + words[2:][-1:]
    return [*kept, "".join(words)] if len(words) > 1 else kept


def _parts(words: list[str]) -> list[str]:
    return words[:-1] or words


def _name_keys(first: list[str], last: list[str]) -> set[str]:
    if not first or not last or first == last:
        return {f"M:{phonetic(word)}" for word in first or last}
    keys = {_pair("N", phonetic(a), phonetic(b)) for a, b in product(first, last)}
    parts, others = _parts(first), _parts(last)
    for one, other in (*product(parts, others), *product(others, parts)):
        keys |= {f"I:{phonetic(one)}:{other[0]}", f"L:{phonetic(one)}:{other[-1]}"}
    return keys


def _dated_keys(first: list[str], last: list[str], birth_date: date) -> set[str]:
    sounds = {phonetic(word) for word in first + last}
    keys = {f"D:{birth_date.isoformat()}:{sound}" for sound in sounds}
    keys |= {f"Y:{birth_date.year}:{sound}" for sound in sounds}
    if first and last:
        keys.add(_pair(f"B:{birth_date.year}", first[0][0], last[0][0]))
    return keys


def _pair(kind: str, one: str, other: str) -> str:
    """Sorted, so that it does not matter which name was typed in which field."""
    return ":".join([kind, *sorted((one, other))])


def _name_similarity(query: NamedPerson, candidate: NamedPerson) -> float:
    asked = [fold(query.given), fold(query.family)]
    found = [fold(candidate.given), fold(candidate.family)]
    if not all(asked) or not all(found):
        return _alike(" ".join(filter(None, asked)), " ".join(filter(None, found)))
    straight = _both_alike(asked, found)
    return max(straight, 0.97 * _both_alike(asked, found[::-1]))


def _both_alike(asked: list[str], found: list[str]) -> float:
    """Both names must fit: a sibling shares one of the two, which must not carry the other."""
    one, other = (_alike(a, b) for a, b in zip(asked, found, strict=True))
    return 0.5 * (one + other) if min(one, other) > 0.7 else 0.35 * (one + other)


def _alike(a: str, b: str) -> float:
    if not a or not b:
        return 0.0
    if a == b or a.replace(" ", "") == b.replace(" ", ""):
        return 1.0
    words_a, words_b = a.split(), b.split()
    whole = JaroWinkler.similarity(a, b)
    # Part of a double name counts for nearly all of it; the same sound for nearly the same spelling.
    part = 0.0
    if len(words_a) != len(words_b):
        part = 0.96 * max(JaroWinkler.similarity(x, y) for x, y in product(words_a, words_b))
    sound = 0.93 if _sounds(words_a) == _sounds(words_b) else 0.0
    return max(whole, part, sound)


def _sounds(words: Iterable[str]) -> list[str]:
    return sorted(phonetic(word) for word in words)


def _date_similarity(asked: date, found: date | None) -> float:
    if found is None:
        return 0.4
    if asked == found:
        return 1.0
    if exchange_day_and_month(asked) == found:
        return 0.95
    one_slip = sum(a != b for a, b in zip(asked.isoformat(), found.isoformat(), strict=True)) == 1
    same_parts = (asked.year == found.year) + (asked.month == found.month) + (asked.day == found.day)
    return 0.85 if one_slip else 0.8 if same_parts == 2 else 0.2 * same_parts

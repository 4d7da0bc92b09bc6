"""Which policy was in force: a digest of its sentences, walls and phrases, kept with every row of the trail."""

from functools import cache
from hashlib import sha256

from throughline.access.policy import RULES, WALLS
from throughline.access.published import PUBLISHED_SHOWS, READERS


@cache
def policy_version() -> str:
    """Changes with every word and every condition of the policy, and with nothing else."""
    said = [repr((r.number, r.sentence, r.may, r.what, r.purposes, r.roles, r.when.sql)) for r in RULES]
    said += [repr((w.name, w.sentence, w.verbs, w.roles, w.what, w.stands.sql)) for w in WALLS]
    said.append(repr((PUBLISHED_SHOWS, READERS)))
    return sha256("\n".join(said).encode()).hexdigest()[:16]

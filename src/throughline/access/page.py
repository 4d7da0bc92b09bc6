"""The policy, printed: `schema/access-policy.md`. Written so that a stranger can decide any case from the
page alone."""

from collections.abc import Iterable, Iterator, Sequence

from throughline.access.abilities import abilities
from throughline.access.directory import PRACTITIONERS_SHOW
from throughline.access.policy import NEVER_SEARCH, RULES, W5, WALLS
from throughline.access.published import NUMBER, PUBLISHED_SHOWS, may_see_published
from throughline.access.rule import Basis, Phrase, Rule, Verb, Wall
from throughline.access.rules import OWN_SENTENCE_KINDS, allowed_purposes, rules_for, walls_for
from throughline.terms.purpose import Purpose
from throughline.terms.record_kind import RecordKind
from throughline.terms.role import Role

BASES = {
    Basis.PUBLIC_TASK: "public task",
    Basis.LEGAL_OBLIGATION: "legal obligation",
    Basis.LEGITIMATE_INTERESTS: "legitimate interests (charities, independent schools)",
    Basis.VITAL_INTERESTS: "vital interests",
    Basis.SPECIAL_CATEGORY: "special-category condition",
    Basis.CRIME_DATA: "crime-data condition",
    Basis.CONFIDENCE_MET: "duty of confidence met (agreement or recorded public interest)",
}
VERBS = {
    Verb.SEE: "see the record",
    Verb.SEE_EARLIER: "see what stood in the record before it was amended or withdrawn",
    Verb.KNOW_OF: "know that such records exist about this person, shown as `WITHHELD`: never how many, never when",
    Verb.FIND: "find by search",
    Verb.WRITE: "make, amend and withdraw",
    Verb.CONFIRM: "say yes to, or decide, what another agency made",
    Verb.LINK: "decide that identity records speak of one person, or of two",
    Verb.IMPORT: "make, or say yes to, by bringing in a Common Transfer File, and in no other way",
}

HOW_TO_DECIDE = """\
## How to decide a case

Take one viewer (an agency, a role, a purpose), one record and today's date.

1. **In force?** The practitioner or tool, its agency, its client and its role stand today. If not, nothing
   is shown at all.
2. **Walls.** If a wall that speaks to this verb, role and kind stands before the record, the viewer may not
   do it, whatever a sentence says. Where it cannot be told whether a wall stands, it stands. A record that may
   be written and not be seen is recorded, and shows to its author no more than that it was.
3. **Sentences.** Take the parts of sentences that name this verb, kind, role and purpose. If the condition
   of at least one of them holds, the viewer may. Otherwise not: **no sentence, no rows**.
4. **Which one.** The trail keeps the number of the *first* such sentence in the order of this page;
   `seenBecause` names all of them.
5. **What is not shown is absent.** A record that may not be seen changes nothing that can be observed: no
   count, page, order or error.

To write, the record must be allowed after the change as it was before it.

### Records about several people

{w5}

- A **support report** is a common part and parts. Each part is judged once for each person in it, with that
  person's own openings, age and agreement and with the part's own sensitivity; it is open if for every one of them
  some sentence (not necessarily the same) opens it, and then by all those numbers together. The common part shows if
  at least one part is open. `about` names the people of the open parts only.
- **Earlier versions** of a support report show all together or not at all: where every part that the report has,
  and every part as it stood in any earlier version (with the sensitivity and the release that it had then), is open
  by a sentence for SEE and by one for SEE_EARLIER, for everybody in it. The stricter of then and now decides.
- A **relationship** and **parental responsibility** are about two people each, and open only if they are open for both.
- A **reason for sharing**, and whatever else names several people and is not named here, is one part.
- A **court order** is about the one person whom it concerns or protects. Who must keep away shows beside it only where that person
  shows by another record.
- **Who must not be told, and safe contact** are part of the record on which they stand (of a support report: of the part) and show
  wherever that does, to whom it does. Whom the words mean is never shown.
- A **team position** and a **sharing decision** name several people, each a part of its own: the record
  shows if it is open for at least one of them, and `about` names those only.
- A **light-touch report** names nobody. Conditions on a person do not hold for it; a condition on a household holds
  if it does for one household of the family that it names; and a wall that turns on a household stands only before a
  household that the report itself names.
- To see or know of a record, one open part is enough; every other verb must be allowed for every part and person.

### People and families

- A **person** shows (sentence 1) when no wall stands before them, judged as a STANDARD record that nobody
  made, and at least one record about them, of any kind, is open. Only names, date of birth and whether they
  are born show. Where the viewer's own agency has an identity record of its own system for the person, they come
  from its identity records alone; where it has none, each of them comes from the first identity record that says it:
  the agency's own first, then by the order of sources, then the latest. (An identity record made here, for a person
  whom the agency was shown, is none of its own system.)
  An identity record of a confidential service counts for members of that service alone.
- To **find** somebody without such a record takes sentence 2. These roles never search: {never_search}.
- A **family** shows when a membership in it that runs today is open; its members are those whose membership
  is open, and everything beneath it goes through them.

### Who works here

The agencies of the portal, and whoever makes, holds or confirms a record that shows, are no secret. {practitioners}

### What is published

{published}

### What a section of a picture says

For one kind of record and the people of the picture, the first that applies: `VISIBLE`, at least one record
is open; `WITHHELD`, a sentence for KNOW_OF holds for at least one record (of support reports: for a part
about a single person); `NOT_CONNECTED`, no agency of the viewer's area has promised to send this kind;
`STALE`, every such promise is overdue (from the day after it fell due); `NONE_RECORDED`. The last three come from promises, never from
records, and are the same for every family of an area.

### What a writer sees

Whoever may write a record of a kind sees what they wrote themselves (they are its practitioner), for the
same purpose, while the condition under which they may write it holds, and by the same sentence. The
exceptions are {own}: what their author sees, their own sentences say.
"""

TERMS = """\
## Terms

- **Days** are days in Europe/London. First and last days are both included. «Today» is the day of the
  request. Whoever was born on 29 February is 18 on 1 March.
- **Person**: every identity record that the ledger of links takes to speak of one human being. A condition
  that holds for one of them holds for the person, except that identity records of a confidential service
  exist for its members alone: to anybody else a part that names somebody by one does not show. An identity record that the
  portal made for an agency, for a person whom it was shown, is of no system of the agency's own.
- **Hangs on**: a record names each of its people by one identity record, and hangs on that. Team positions, sharing decisions, identity
  records and the person alone hang on none: of them, the person is asked.
- **What opens and closes**: what was withdrawn holds in no condition and no wall. Nor does what is CONFIDENTIAL, but for
  an assignment, and for a rights request or an address that is marked confidential, which count for the members of their service. What
  names somebody by an identity record of a confidential service holds, for its members, for that person alone: nobody's household, and
  no enrolment of theirs, is told from it, and «other household» is told without it. A condition may rest on a record that the viewer may
  not see.
- **Protected and unborn**: what is said about somebody whose identity is protected («protected identity») opens nothing about anybody else:
  no enrolment of theirs counts for a household or for a decision's other people, no contact about them for whom they live with, and a
  position is none, nor was ever held, if it names people, by whatever identity records, and its holder's agency is not the custodian of one
  of them and all are such people. Nor does a contact about an unborn
  child (an identity record says so, and none says a birth date) count for whom they live with. A connection with them still walls.
- **On behalf of**: an opening (a team position, an assignment) counts for a viewer if it is held by that practitioner, by their agency, or
  by its kind of agency.
- **School** includes college and nursery.
- **Until retention ends**: until the record is deleted under its area's schedule (`records.md`). No condition asks for the day:
  what was deleted is absent for everybody, like what never was.
- **Order**: sentences stand here in the order of the file; a number may stand several times, once for each
  part.
- **⚑**: differs by area; what stands here is the start.
- Purposes of a token: only those that some sentence gives the role ({purposes}).
"""


def policy_page() -> str:
    """The whole page, as Markdown."""
    parts = (_head(), _how(), _walls(), _sentences(), _by_role(), _by_kind(), _terms(), _glossary())
    return "\n".join(part.rstrip() + "\n" for part in parts)


def _head() -> str:
    bases = ", ".join(f"**{basis}** {said}" for basis, said in BASES.items())
    verbs = "\n".join(f"- **{verb}**: {said}" for verb, said in VERBS.items())
    return (
        "# Who may see what\n\n"
        "Printed from `access/policy.py` by `throughline print-policy`; never edited by hand. Phrases in "
        "«quotes» are defined in the "
        f"glossary at the end.\n\nVerbs:\n\n{verbs}\n\nLawful bases: {bases}.\n"
    )


def _how() -> str:
    never, own = (", ".join(f"`{item}`" for item in items) for items in (NEVER_SEARCH, OWN_SENTENCE_KINDS))
    return HOW_TO_DECIDE.format(w5=W5, never_search=never, own=own, practitioners=PRACTITIONERS_SHOW, published=PUBLISHED_SHOWS)


def _walls() -> str:
    lines = [
        "## Walls",
        "",
        f"- **W5** {W5} (This is how records about several people are judged: see above.)",
    ]
    for wall in WALLS:
        lines += [
            f'- <a id="{wall.name.lower()}"></a>**{wall.name}** {wall.sentence}',
            f"  - stands where: {condition(wall.stands)}",
            f"  - before: {_before(wall)}",
            f"  - refuses: {_refuses(wall)}",
        ]
    return "\n".join(lines)


def _refuses(wall: Wall) -> str:
    return "every verb" if set(wall.verbs) == set(Verb) else _code(wall.verbs)


def _before(wall: Wall) -> str:
    roles = f"the roles {_code(wall.roles)}" if wall.roles else "every role"
    kinds = f"records of the kinds {_code(wall.what)}" if wall.what else "every kind"
    return f"{roles}; {kinds}"


def _sentences() -> str:
    lines = ["## Sentences"]
    for number, rules in _numbered():
        area = " ⚑" if any(rule.differs_by_area for rule in rules) else ""
        lines += ["", f"### {number}{area}", "", f'<a id="s{number}"></a>{rules[0].sentence}', ""]
        lines += [f"- {_part(rule)}" for rule in rules]
    return "\n".join(lines)


def _numbered() -> Iterator[tuple[int, list[Rule]]]:
    for number in dict.fromkeys(rule.number for rule in RULES):
        yield number, [rule for rule in RULES if rule.number == number]


def _part(rule: Rule) -> str:
    roles = "every role" if set(rule.roles) == set(Role) else _code(rule.roles)
    purposes = "every purpose" if set(rule.purposes) == set(Purpose) else _code(rule.purposes)
    basis = ", ".join(rule.basis)
    what = f"{_code(rule.may)} {_code(rule.what)}"
    return f"{roles} may {what}, for {purposes}, when {condition(rule.when)}. Basis: {basis}."


def condition(phrase: Phrase) -> str:
    """A condition in words: its phrases in quotes, joined as they are evaluated."""
    if not phrase.parts:
        return f"«{phrase.name}»"
    if not phrase.is_choice:
        return " and ".join(condition(part) for part in phrase.parts)
    several = [f"({condition(part)})" if part.parts and not part.is_choice else condition(part) for part in phrase.parts]
    return f"({' or '.join(several)})"


def _by_role() -> str:
    lines = [
        "## By role",
        "",
        "What each role may do, for which purpose, with which kind of record, by which sentences: one line for each purpose, verb and kind.",
        "What a writer sees of their own stands after it. *never*: kinds of which no sentence gives the role anything, and the walls that",
        "name it; what such a wall refuses whatever the record is does not stand among what it may. Walls that name no role stand before",
        "everybody.",
    ]
    for role in Role:
        lines += ["", f"### {role}", "", *_purposes(role), *_may(role), *_never(role), *_published(role)]
    return "\n".join(lines)


def _purposes(role: Role) -> Iterator[str]:
    yield from (f"- purpose: {purpose}" for purpose in Purpose if purpose in allowed_purposes(role))


def _may(role: Role) -> Iterator[str]:
    for purpose in Purpose:
        for able in abilities(role, purpose) if purpose in allowed_purposes(role) else ():
            yield f"- {purpose}: {able.verb} {able.kind}{_by_numbers(rules_for(able.verb, able.kind, role, purpose))}"


def _by_numbers(rules: Sequence[Rule]) -> str:
    stated = dict.fromkeys(rule.number for rule in rules if rule in RULES)
    own = dict.fromkeys(rule.number for rule in rules if rule not in RULES)
    by = f" by {_links(stated)}" if stated else ""
    return by + (f"{';' if by else ','} what they wrote, by {_links(own)}" if own else "")


def _links(numbers: Iterable[int]) -> str:
    return ", ".join(f"[{number}](#s{number})" for number in numbers)


def _never(role: Role) -> Iterator[str]:
    able = {one.kind for purpose in allowed_purposes(role) for one in abilities(role, purpose)}
    yield from (f"- never: any {kind}" for kind in RecordKind if kind not in able)
    yield from (f"- never: behind [{wall.name}](#{wall.name.lower()})" for wall in WALLS if role in wall.roles)
    if role in NEVER_SEARCH:
        yield "- never: a search for people"


def _published(role: Role) -> Iterator[str]:
    """Not in the list: it is no kind of record."""
    purposes = [purpose for purpose in Purpose if may_see_published(role, purpose)]
    yield from (f"\nFor {purpose}: what is published, by {_links([NUMBER])}, and nothing else." for purpose in purposes)


def _by_kind() -> str:
    lines = [
        "## By kind of record",
        "",
        "Who may do what with each kind, one line for each verb, sentence and purpose; then the walls that speak to the kind.",
    ]
    for kind in RecordKind:
        lines += ["", f"### {kind}", "", *_who_may(kind)]
        walls = dict.fromkeys(wall.name for verb in Verb for role in Role for wall in walls_for(verb, kind, role))
        lines += [f"- wall: [{name}](#{name.lower()})" for name in walls]
    return "\n".join(lines)


def _who_may(kind: RecordKind) -> Iterator[str]:
    for verb in Verb:
        for number in dict.fromkeys(rule.number for rule in RULES if verb in rule.may and kind in rule.what):
            for purpose in Purpose:
                roles = [
                    role for role in Role
                    if purpose in allowed_purposes(role)
                    and any(rule.number == number and rule.speaks_to(verb, kind, role, purpose) for rule in RULES)
                ]  # fmt: skip
                if roles:
                    yield f"- {verb} by {_links([number])}, for {purpose}: {_code(roles)}"


def _terms() -> str:
    purposes = "; ".join(f"{role}: {', '.join(p for p in Purpose if p in allowed_purposes(role))}" for role in Role)
    return TERMS.format(purposes=purposes)


def _glossary() -> str:
    said = (*(wall.stands for wall in WALLS), *(rule.when for rule in RULES))
    leaves = {leaf.name: leaf.means for phrase in said for leaf in phrase.leaves()}
    lines = [
        "## Glossary",
        "",
        "Each phrase, exactly. «The viewer» is the practitioner or tool who asks; «the person» is whom the record is about.",
        "",
    ]
    return "\n".join([*lines, *(f"- **«{name}»** {leaves[name]}" for name in sorted(leaves, key=str.lower))])


def _code(items: Iterable[str]) -> str:
    return ", ".join(f"`{item}`" for item in items)

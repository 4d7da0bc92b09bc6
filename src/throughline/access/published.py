"""Who may see what is published (sentence 59). No record about people: so no `Rule`, which would name a kind of record, but a sentence
all the same, printed with the others."""

from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

NUMBER = 59
READERS = ((Role.ANALYST, Purpose.OVERSIGHT),)
PUBLISHED_SHOWS = """\
<a id="s59"></a>**59.** An analyst may see published aggregates, for OVERSIGHT. Basis: T.

Published are, for each area and calendar year, how many CONFIDENTIAL support reports there were and about how many people, counted
over the confidential services of the area's agencies: a report counts in the year in which the support was given, a person once for
each service, and nothing that was withdrawn counts. A service with fewer than ten people or fewer than ten reports in the year (or than
the number that its area asked for, if that is more) is left out, as if it did not exist. Both sums are rounded to the nearest
five; where no service is left there is no figure. A year is counted once, for all areas together, on the first of April after it
or later, and never again: what is reported, withdrawn, linked or erased afterwards changes nothing. There is nothing finer, and
no total. For every other role and purpose nothing is published, and the same is answered to them whatever there is. The trail keeps sentence
59 and which figures were shown."""


def may_see_published(role: Role, purpose: Purpose) -> bool:
    return (role, purpose) in READERS

"""Keeps `portal.opening` equal to what the records imply, in the transaction that changes them.

Acts know nothing of policy: they say whom they touched, and this works out what that opens and closes, for whom.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from throughline.access import implied

_COLUMNS = "subject_id, holder_id, because, source_id, from_on, until_on, kinds, sensitive_kinds, agreed_kinds, purpose, service_id, custodian_id"

# Everybody in a family with somebody touched, or with a position that names them, or named by a sharing decision that names
# them, or to which they agreed, or which
# rests on an agreement about them: an enrolment, a membership or a position of one of them may open or close something about any of the others.
_TOGETHER = """
    with p as (select unnest($1::uuid[]) person_id),
    families as (
      select v.family_id from p join portal.identity_record i using (person_id)
        join portal.membership v on v.identity_record_id = i.id
      union select t.family_id from p join portal.identity_record i using (person_id)
        join portal.team_position_person l on l.identity_record_id = i.id join portal.team_position t on t.id = l.position_id),
    kin as (
      select person_id from p
      union select i.person_id from families join portal.membership u using (family_id)
        join portal.identity_record i on i.id = u.identity_record_id),
    named as (
      select person_id from kin
      union select ui.person_id from kin join portal.identity_record vi using (person_id)
        join portal.sharing_decision_person v on v.identity_record_id = vi.id
        join portal.sharing_decision_person u on u.decision_id = v.decision_id
        join portal.identity_record ui on ui.id = u.identity_record_id
      union select ui.person_id from kin join portal.identity_record vi using (person_id)
        join portal.sharing_reason g on g.agreed_by_record_id = vi.id
        join portal.sharing_decision_person u on u.decision_id = g.decision_id
        join portal.identity_record ui on ui.id = u.identity_record_id
      union select ui.person_id from kin join portal.identity_record vi using (person_id)
        join portal.service_agreement a on a.identity_record_id = vi.id
        join portal.sharing_reason g on g.service_agreement_id = a.id
        join portal.sharing_decision_person u on u.decision_id = g.decision_id
        join portal.identity_record ui on ui.id = u.identity_record_id)
"""
_PEOPLE = f"{_TOGETHER} select person_id from named"
_TOUCHED = f"""{_TOGETHER}
    select i.id from named join portal.identity_record i using (person_id)
    union select y.id from kin join portal.identity_record i using (person_id)
      join portal.membership v on v.identity_record_id = i.id join portal.household y on y.family_id = v.family_id
    union select y.id from families join portal.household y using (family_id)
"""


_DERIVING = "select set_config('app.deriving', $1, true)"
"""While this is on, the rows of protected people show to whoever refreshes (migration 0007): the openings are the same, whoever
acts. Nothing else is read meanwhile."""


async def refresh(connection: Any, people: Iterable[UUID]) -> None:
    """After records about these people changed, or they were linked."""
    await connection.execute(_DERIVING, "on")
    await derive(connection, await touched(connection, list(people)))
    await connection.execute(_DERIVING, "")


async def touched(connection: Any, people: list[UUID]) -> list[UUID]:
    """What a change about these people may open or close: identity records and households. From now on until the end of the
    transaction, other acts about them wait."""
    await _hold(connection, people)
    return [row[0] for row in await connection.fetch(_TOUCHED, people)]


async def derive(connection: Any, touched: list[UUID]) -> None:
    """Their openings anew. Where records go, asked for what they touch before they went."""
    await connection.execute("delete from portal.opening where subject_id = any($1)", touched)
    wanted = implied.rows(implied.EVERYTHING, "i.subject_id = any($1)")
    await connection.execute(f"insert into portal.opening ({_COLUMNS}) {wanted}", touched)


async def _hold(connection: Any, people: list[UUID]) -> None:
    """Wait for other acts about the same people, and let others wait: two acts that each derive from what the other is
    about to change would bring back what it closes."""
    held: set[UUID] = set()
    while True:
        wanted = {row[0] for row in await connection.fetch(_PEOPLE, people)}
        if wanted <= held:
            return
        await connection.execute("select app.hold_people($1)", list(wanted))
        held |= wanted


async def refresh_all(connection: Any) -> int:
    """Everything anew, from all records: after a seed or a bulk import. Answers how many openings there are."""
    await connection.execute("delete from portal.opening")
    done: str = await connection.execute(f"insert into portal.opening ({_COLUMNS}) {implied.rows(implied.EVERYTHING)}")
    return int(done.rsplit(" ", 1)[-1])

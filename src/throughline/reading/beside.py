"""What other people are called of whom an answer to one person might speak: for taking them out of what was written in free text.

It never leaves the program, so it is no field of the schema. Nobody is asked for it but for an approved request, by an officer who may
answer that; the answer is in the trail like any, and names nobody there.
"""

from functools import cache

from throughline.access.entering import me

_MEANT = " union ".join(
    [
        f"select t.must_not_be_told_id from mine join portal.{table} t on t.identity_record_id = mine.id"
        for table in (
            "involvement", "need", "legal_status", "enrolment", "attendance", "membership", "address", "contact", "service_agreement",
            "court_order", "support_report_part_person",
        )
    ]
    + [
        "select t.keeps_away_id from mine join portal.court_order t on t.identity_record_id = mine.id",
        "select t.agreed_by_record_id from mine join portal.service_agreement t on t.identity_record_id = mine.id",
    ]
)  # fmt: skip
"""Whom a caution or an order points at, and who agreed for them."""
_OTHERS = f"""
    subject as (
      select i.person_id, q.service_id from portal.rights_request q join portal.identity_record i on i.id = q.identity_record_id
      where q.id = $7 and q.agency_id = me.agency_id and q.state = 'APPROVED' and q.withdrawn_at is null),
    mine as (select i.id from subject s join portal.identity_record i using (person_id)),
    beside as (
      select u.identity_record_id id from mine join portal.membership v on v.identity_record_id = mine.id
        join portal.membership u on u.family_id = v.family_id
      union select unnest(array[r.identity_record_id, r.other_identity_record_id]) from portal.relationship r
        where r.identity_record_id in (select id from mine) or r.other_identity_record_id in (select id from mine)
      union select unnest(array[r.identity_record_id, r.other_identity_record_id]) from portal.parental_responsibility r
        where r.identity_record_id in (select id from mine) or r.other_identity_record_id in (select id from mine)
      union select o.identity_record_id from mine join portal.support_report_part_person l on l.identity_record_id = mine.id
        join portal.support_report_part_person o on o.report_id = l.report_id
      union select o.identity_record_id from mine join portal.team_position_person l on l.identity_record_id = mine.id
        join portal.team_position_person o on o.position_id = l.position_id
      union select o.identity_record_id from mine join portal.sharing_decision_person l on l.identity_record_id = mine.id
        join portal.sharing_decision_person o on o.decision_id = l.decision_id
      union {_MEANT}),
    called as (
      select i.person_id = s.person_id is_subject, i.id, i.given_name, i.family_name, i.own_id from subject s
        join portal.identity_record i on (i.person_id = s.person_id
          or i.person_id in (select w.person_id from beside join portal.identity_record w on w.id = beside.id))
        and (i.sensitivity <> 'CONFIDENTIAL' or i.service_id = s.service_id)),
    said as (
      select is_subject, given_name name, null number from called union select is_subject, family_name, null from called
      union select is_subject, null, own_id from called
      union select c.is_subject, null, n.value from called c join portal.identity_number n on n.identity_record_id = c.id)
    select json_build_object(
      'names', coalesce(json_agg(name) filter (where not is_subject and name is not null), '[]'),
      'numbers', coalesce(json_agg(number) filter (where not is_subject and number is not null), '[]'),
      'own', coalesce(json_agg(coalesce(name, number)) filter (where is_subject and coalesce(name, number) is not null), '[]')) j from said
"""
_ENTRY = (
    "insert into audit.entry (id, at, agency_id, actor_id, client_id, role, purpose, verb, operation, policy_version, outcome) "
    "select $8, $6, me.agency_id, me.actor_id, me.client_id, me.role, me.purpose, $9, $9, $10, 'SHOWN' from answer, me"
)


@cache
def beside_statement(is_tool: bool) -> str:
    """Binds: the six of `me`, the request, then the trail's id, verb and policy version. JSON text: lists of
    others' `names` and of their `numbers` (own ids too), and of the person's `own`."""
    entered = me(
        is_tool=is_tool, actor="$1::uuid", client="$2::text", role="$3::text", purpose="$4::text", today="$5::date",
        now="$6::timestamptz",
    )  # fmt: skip
    return (
        f"with me as materialized ({entered}), answer as materialized (select (with {_OTHERS}) j from me), "
        f"trail as ({_ENTRY}) select j::text from answer"
    )

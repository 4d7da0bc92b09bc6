-- Limit B of the family picture, frozen: the same bytes for a viewer who sees everything, by family id. No policy, no row
-- security (run as the owner), its indexes, and one two-column audit insert.
with trail as (insert into public.limit_b_audit (family_id, at) values ($1, now()))
select row_to_json(x)::text from (
  select f.id,
    (select coalesce(json_agg(m.j order by m.from_on, m.id), '[]'::json) from (
      select v.from_on, v.id, (select row_to_json(o) from (select v.role, v.from_on as "from",
        (select row_to_json(q) from (select i.person_id id, i.given_name as "givenName", i.family_name as "familyName", i.date_of_birth as "dateOfBirth") q) as person) o) j
      from portal.membership v join portal.identity_record i on i.id = v.identity_record_id where v.family_id = f.id) m) as members,
    (select row_to_json(o) from (select t.position, (select row_to_json(q) from (select p.name, (select row_to_json(z) from (select a.name) z) as agency) q) as holder
      from portal.team_position t join portal.practitioner p on p.id = t.holder_id join portal.agency a on a.id = p.agency_id
      where t.family_id = f.id and t.position = 'LEAD' limit 1) o) as "leadPractitioner",
    (select row_to_json(o) from (select coalesce(json_agg((select row_to_json(e) from (select r.j as node) e) order by r.given_on desc, r.id desc), '[]'::json) as edges from (
      select s.given_on, s.id, (select row_to_json(o) from (select s.id, s.given_on as "givenOn", s.delivery,
          (select row_to_json(z) from (select k.code, k.label from portal.support_kind k where k.code = s.kind_of_support) z) as "kindOfSupport",
          (select row_to_json(z) from (select a.name, a.kind from portal.agency a where a.id = s.agency_id) z) as "madeBy",
          (select coalesce(json_agg((select row_to_json(z) from (select pt.sensitivity, pt.what_was_done as "whatWasDone", pt.outcome) z) order by pt.ordinal), '[]'::json)
            from portal.support_report_part pt where pt.report_id = s.id) as parts) o) j
      from (select s.* from portal.support_report s where s.id in (
          select pt.report_id from portal.membership v join portal.identity_record i on i.id = v.identity_record_id
          join portal.identity_record i2 on i2.person_id = i.person_id
          join portal.support_report_part_person l on l.identity_record_id = i2.id join portal.support_report_part pt on pt.id = l.part_id
          where v.family_id = f.id) order by s.given_on desc, s.id desc limit 20) s) r) o) as "supportReports",
    (select row_to_json(o) from (select coalesce(json_agg((select row_to_json(e) from (select r.j as node) e) order by r.from_on desc, r.id desc), '[]'::json) as edges from (
      select s.from_on, s.id, (select row_to_json(o) from (select s.id, s.how_to_reach as "howToReach", s.from_on as "fromOn",
          (select row_to_json(z) from (select a.name, a.kind from portal.agency a where a.id = s.agency_id) z) as "madeBy") o) j
      from portal.membership v join portal.identity_record i on i.id = v.identity_record_id join portal.identity_record i2 on i2.person_id = i.person_id
      join portal.involvement s on s.identity_record_id = i2.id where v.family_id = f.id order by s.from_on desc, s.id desc limit 20) r) o) as involvements,
    (select row_to_json(o) from (select coalesce(json_agg((select row_to_json(e) from (select r.j as node) e) order by r.from_on desc, r.id desc), '[]'::json) as edges from (
      select s.from_on, s.id, (select row_to_json(o) from (select s.id, s.severity, s.reason, s.from_on as "fromOn") o) j
      from portal.membership v join portal.identity_record i on i.id = v.identity_record_id join portal.identity_record i2 on i2.person_id = i.person_id
      join portal.need s on s.identity_record_id = i2.id where v.family_id = f.id order by s.from_on desc, s.id desc limit 20) r) o) as needs
  from portal.family f where f.id = $1) x

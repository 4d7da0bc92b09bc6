-- Limit B of the list of families, frozen: the same answer for a lead who sees everything, by practitioner id. No policy, no
-- row security (run as the owner), its indexes, and one two-column audit insert.
with trail as (insert into public.limit_b_audit (family_id, at) values ($1, now())),
mine as materialized (
  select t.family_id id from portal.team_position t where t.holder_id = $1 and t.position = 'LEAD' order by t.family_id desc limit 51)
select row_to_json(a)::text from (select
  (select coalesce(json_agg((select row_to_json(e) from (select x.j as node) e) order by x.id desc), '[]'::json) from (
    select f.id, (select row_to_json(o) from (select f.id,
      (select coalesce(json_agg((select row_to_json(o) from (select v.role,
          (select row_to_json(q) from (select i.person_id id, i.given_name as "givenName", i.family_name as "familyName") q) as person) o)
          order by v.from_on, v.id), '[]'::json)
        from portal.membership v join portal.identity_record i on i.id = v.identity_record_id where v.family_id = f.id) as members,
      (select row_to_json(o) from (select coalesce(json_agg((select row_to_json(e) from (select r.j as node) e) order by r.given_on desc, r.id desc), '[]'::json) as edges from (
        select s.given_on, s.id, (select row_to_json(o) from (select s.id, s.given_on as "givenOn",
            (select row_to_json(z) from (select a.name from portal.agency a where a.id = s.agency_id) z) as "madeBy",
            (select coalesce(json_agg((select row_to_json(z) from (select pt.what_was_done as "whatWasDone") z) order by pt.ordinal), '[]'::json)
              from portal.support_report_part pt where pt.report_id = s.id) as parts) o) j
        from (select distinct l.given_on, l.report_id
            from portal.membership v join portal.identity_record i on i.id = v.identity_record_id
            join portal.identity_record i2 on i2.person_id = i.person_id
            join portal.support_report_part_person l on l.identity_record_id = i2.id
            where v.family_id = f.id order by l.given_on desc, l.report_id desc limit 5) c
          join portal.support_report s on s.id = c.report_id) r) o) as "supportReports") o) j
    from (select * from mine order by id desc limit 50) f) x) as edges,
  (select row_to_json(o) from (select (select count(*) > 50 from mine) as "hasNextPage") o) as "pageInfo") a

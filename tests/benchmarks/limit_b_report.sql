-- Limit B of a submission, frozen: every row that the portal writes for one report about one known person.
-- $1 report, $2 part, $3 idempotency key, $4 digest, $5 agency, $6 practitioner, $7 client, $8 now, $9 own id, $10 kind of
-- support, $11 given on, $12 delivery, $13 sensitivity of the part, $14 what was done, $15 outcome, $16 event, $17 trail entry
insert into portal.idempotency_key (agency_id, client_id, actor_id, mutation, key, input_digest, record_id, at)
  values ($5, $7, $6, 'supportReportSubmit', $3, $4, $1, $8);
insert into portal.support_report (id, version, sensitivity, made_at, agency_id, practitioner_id, kind_of_support,
    given_on, delivery, is_light_touch, parts_made)
  values ($1, 1, 'STANDARD', $8, $5, $6, $10, $11, $12, false, 1);
insert into portal.support_report_part (id, report_id, agency_id, sensitivity, ordinal, what_was_done, outcome, is_released, people)
  values ($2, $1, $5, $13, 1, $14, $15, false, 1);
insert into portal.support_report_part_person (part_id, identity_record_id, agency_id, practitioner_id, report_id,
    sensitivity, given_on, is_released, people, parts_made)
  select $2, i.id, $5, $6, $1, $13, $11, false, 1, 1 from portal.identity_record i
  where i.agency_id = $5 and coalesce(i.service_id, '00000000-0000-0000-0000-000000000000'::uuid) = '00000000-0000-0000-0000-000000000000' and i.own_id = $9;
insert into portal.outbox (id, kind, verb, record_id, agency_id, at) values ($16, 'SUPPORT_REPORT', 'WRITE', $1, $5, $8);
insert into audit.entry (id, at, agency_id, actor_id, client_id, role, purpose, verb, operation, policy_version, outcome, seen)
  values ($17, $8, $5, $6, $7, 'FAMILY_PRACTITIONER', 'SUPPORT', 'supportReportSubmit', 'limit b', 'none', 'SHOWN',
    uuid_send($1) || int2send(21::int2))

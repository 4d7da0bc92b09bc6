-- Limit B of a submission, frozen: the rows that come first when nobody has named the child before.
-- $1 identity record, $2 person, $3 agency, $4 practitioner, $5 own id, $6 given name, $7 family name, $8 date of birth,
-- $9 now, $10 link event, $11 search keys
insert into portal.person (id, made_at) values ($2, $9);
insert into portal.identity_record (id, person_id, agency_id, practitioner_id, sensitivity, own_id, given_name, family_name,
    date_of_birth, is_unborn, source_rank, made_at, version)
  select $1, $2, $3, $4, 'STANDARD', $5, $6, $7, $8, false, a.source_rank, $9, 1 from portal.agency a where a.id = $3;
insert into portal.link_event (id, identity_record_id, person_id, because, agency_id, practitioner_id, at)
  values ($10, $1, $2, 'NEW', $3, $4, $9);
insert into portal.search_key (key, identity_record_id) select k, $1 from unnest($11::text[]) k

-- The benchmark's world, made inside the database: :families families of two adults and three children, each known to two or
-- three agencies, with :reports support reports, involvements, needs and enrolments. Ids are derived from numbers, so that a run
-- can be repeated and any row named. Families 1 to 60 have one lead, for the list; 61 to 100 ten times the records, for growth.
create or replace function pg_temp.uid(kind text, n bigint) returns uuid language sql immutable as
$$ select md5(kind || n)::uuid $$;
create or replace function pg_temp.lead(f bigint) returns uuid language sql immutable as
$$ select pg_temp.uid('practitioner', case when f <= 60 then 400 else 1 + f % 399 end) $$;
create or replace function pg_temp.times(f int) returns int language sql immutable as
$$ select case when f between 61 and 100 then 10 else 1 end $$;

insert into portal.agency (id, kind, name, area, source_rank)
  select pg_temp.uid('agency', n), case when n <= 2 then 'LOCAL_AUTHORITY' when n <= 42 then 'SCHOOL' when n <= 52 then 'HEALTH' else 'VOLUNTARY' end,
    'Agency ' || n, 'Borough', case when n <= 2 then 2 else 1 end
  from generate_series(1, 62) n;
insert into portal.practitioner (id, agency_id, name, job_title, email)
  select pg_temp.uid('practitioner', n), pg_temp.uid('agency', case when n <= 400 then 1 when n <= 500 then 2 else 3 + n % 60 end),
    'Practitioner ' || n, 'Practitioner', 'p' || n || '@example.org'
  from generate_series(1, 1000) n;
insert into portal.practitioner_role (practitioner_id, role)
  select pg_temp.uid('practitioner', n), case when n <= 400 then 'FAMILY_PRACTITIONER' when n <= 500 then 'TRIAGE_WORKER' else 'SAFEGUARDING_LEAD' end
  from generate_series(1, 1000) n;
insert into portal.oauth_client (id, client_id, practitioner_id, auth_method, secret_hash)
  select pg_temp.uid('client', n), 'bench-' || n, pg_temp.uid('practitioner', n), 'client_secret_basic', 'x' from generate_series(1, 1000) n;
insert into portal.support_kind (code, label, floor)
  select 'KIND_' || n, 'Kind of support ' || n, 'STANDARD' from generate_series(1, 20) n on conflict do nothing;
insert into portal.feed (id, agency_id, area, kind, covered_from, covered_to, promised_every_days)
  select pg_temp.uid('feed' || k, 1), pg_temp.uid('agency', 1), 'Borough', k, '2020-01-01', current_date, 30
  from unnest(array['SUPPORT_REPORT', 'INVOLVEMENT', 'NEED']) k;

create temp table member as  -- adults are 1 and 2, children 3 to 5
  select f, m, (f - 1) * 5 + m as p from generate_series(1, :families) f, generate_series(1, 5) m;
insert into portal.person (id, made_at) select pg_temp.uid('person', p), now() from member;
insert into portal.identity_record (id, person_id, agency_id, sensitivity, own_id, given_name, family_name, date_of_birth, is_unborn,
    source_rank, made_at, version)
  select pg_temp.uid('identity' || s, p), pg_temp.uid('person', p), pg_temp.uid('agency', case s when 1 then 1 when 2 then 3 + f % 40 else 43 + f % 10 end),
    'STANDARD', 'own' || p, 'Given' || (p * 7919 % 3000), 'Family' || (f * 104729 % 8000),
    case when m <= 2 then date '1980-01-01' + (p % 4000)::int else date '2010-01-01' + (p % 4000)::int end, false,
    case s when 1 then 2 else 1 end, now() - interval '1 day', 1
  from member, generate_series(1, 3) s where s = 1 or m >= 3;
insert into portal.family (id, agency_id, made_at) select pg_temp.uid('family', f), pg_temp.uid('agency', 1), now() from generate_series(1, :families) f;
insert into portal.household (id, family_id, agency_id, label, made_at)
  select pg_temp.uid('household', f), pg_temp.uid('family', f), pg_temp.uid('agency', 1), 'Home', now() from generate_series(1, :families) f;
insert into portal.membership (id, version, sensitivity, made_at, agency_id, practitioner_id, identity_record_id, household_id, family_id, role, from_on)
  select pg_temp.uid('membership', p), 1, 'STANDARD', now(), pg_temp.uid('agency', 1), pg_temp.lead(f),
    pg_temp.uid('identity1', p), pg_temp.uid('household', f), pg_temp.uid('family', f), case when m <= 2 then 'PARENT' else 'CHILD' end,
    date '2020-01-01' + m
  from member;
insert into portal.enrolment (id, version, sensitivity, made_at, agency_id, practitioner_id, identity_record_id, school_id, state, from_on,
    confirmed_by_agency_id, confirmed_at)
  select pg_temp.uid('enrolment', p), 1, 'STANDARD', now(), pg_temp.uid('agency', 3 + f % 40), null, pg_temp.uid('identity2', p),
    pg_temp.uid('agency', 3 + f % 40), 'CONFIRMED', '2021-09-01', pg_temp.uid('agency', 2), now() - interval '1 year'
  from member where m >= 3;
insert into portal.team_position (id, version, sensitivity, made_at, agency_id, practitioner_id, household_id, family_id, holder_id, holder_agency_id,
    position, from_on, confirmed_by_agency_id, confirmed_at)
  select pg_temp.uid('position', f), 1, 'STANDARD', now(), pg_temp.uid('agency', 1), pg_temp.lead(f),
    pg_temp.uid('household', f), pg_temp.uid('family', f), pg_temp.lead(f), pg_temp.uid('agency', 1),
    'LEAD', '2025-01-01', pg_temp.uid('agency', 2), now() - interval '1 year'
  from generate_series(1, :families) f;
insert into portal.team_position_person (position_id, identity_record_id, agency_id)
  select pg_temp.uid('position', f), pg_temp.uid('identity1', p), pg_temp.uid('agency', 1) from member;
insert into portal.sharing_decision (id, version, sensitivity, made_at, agency_id, practitioner_id, lawful_basis, purpose, kinds, sensitive_kinds,
    is_agreed_by_person, is_refusal, decided_by, from_on, review_on, until_on, confirmed_by_agency_id, confirmed_at)
  select pg_temp.uid('decision', f), 1, 'STANDARD', now(), pg_temp.uid('agency', 1), pg_temp.lead(f), 'PUBLIC_TASK', 'SUPPORT',
    8191, 8191, false, false, 'Parents', current_date - 100, current_date, current_date + 200, pg_temp.uid('agency', 2), now() - interval '99 days'
  from generate_series(1, :families) f;
insert into portal.sharing_decision_person (decision_id, identity_record_id, agency_id)
  select pg_temp.uid('decision', f), pg_temp.uid('identity1', p), pg_temp.uid('agency', 1) from member;
insert into portal.sharing_decision_receiver (decision_id, receiver_id, agency_id)
  select pg_temp.uid('decision', f), pg_temp.uid('agency', r), pg_temp.uid('agency', 1)
  from generate_series(1, :families) f, lateral unnest(array[1, 3 + f % 40, 43 + f % 10]) r;
insert into portal.support_report (id, version, sensitivity, made_at, agency_id, practitioner_id, kind_of_support, given_on, delivery,
    is_light_touch, need_level, parts_made)
  select pg_temp.uid('report', f * 10000 + r), 1, 'STANDARD', now() - interval '1 day' * (r % 300), pg_temp.uid('agency', 1 + (f + r) % 62), null,
    'KIND_' || 1 + (f + r) % 20, date '2025-01-01' + (r * 17 + f) % 600, 'VISIT', false, 'ADDITIONAL', 1
  from generate_series(1, :families) f, generate_series(1, :reports * pg_temp.times(f)) r;
insert into portal.support_report_part (id, report_id, agency_id, sensitivity, ordinal, what_was_done, outcome, is_released, people)
  select pg_temp.uid('part', f * 10000 + r), pg_temp.uid('report', f * 10000 + r), pg_temp.uid('agency', 1 + (f + r) % 62),
    case when r % 5 = 0 then 'SENSITIVE' else 'STANDARD' end, 1,
    'We met at home and talked through the week: mornings are easier, evenings are not. Number ' || r, 'Going better', false, 1
  from generate_series(1, :families) f, generate_series(1, :reports * pg_temp.times(f)) r;
insert into portal.support_report_part_person (part_id, identity_record_id, agency_id, sensitivity, report_id, given_on, is_released, people, parts_made)
  select pg_temp.uid('part', f * 10000 + r), pg_temp.uid('identity' || case when r % 5 >= 2 then 1 + r % 3 else 1 end, (f - 1) * 5 + 1 + r % 5),
    pg_temp.uid('agency', 1 + (f + r) % 62), case when r % 5 = 0 then 'SENSITIVE' else 'STANDARD' end,
    pg_temp.uid('report', f * 10000 + r), date '2025-01-01' + (r * 17 + f) % 600, false, 1, 1
  from generate_series(1, :families) f, generate_series(1, :reports * pg_temp.times(f)) r;
insert into portal.involvement (id, version, sensitivity, made_at, agency_id, identity_record_id, how_to_reach, from_on)
  select pg_temp.uid('involvement', p * 10 + k), 1, 'STANDARD', now(), pg_temp.uid('agency', 43 + f % 20), pg_temp.uid('identity1', p),
    'Ask for the duty worker on 01234 5678', date '2025-01-01' + (p + k) % 300
  from member, generate_series(0, pg_temp.times(f) - 1) k;
insert into portal.need (id, version, sensitivity, made_at, agency_id, identity_record_id, severity, reason, area, from_on)
  select pg_temp.uid('need', p * 10 + k), 1, 'STANDARD', now(), pg_temp.uid('agency', 1), pg_temp.uid('identity1', p), 'ADDITIONAL',
    'Attendance has fallen since the move', 'Borough', date '2025-01-01' + (p + k) % 300
  from member, generate_series(0, pg_temp.times(f) - 1) k where m >= 3;
insert into portal.assignment (id, agency_id, holder_id, identity_record_id, from_on, version, sensitivity, made_at)
  select pg_temp.uid('assignment', p), pg_temp.uid('agency', 1), pg_temp.lead(f), pg_temp.uid('identity1', p), '2025-01-01',
    1, 'STANDARD', '2025-01-01'
  from member;

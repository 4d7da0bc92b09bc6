-- The second wall: coarse, cheap, and independent of the policy. Run by the owner after the tables are made.
--
-- Without a viewer in the transaction nothing about people is visible. CONFIDENTIAL rows show only to members of their
-- service. No row is written in another agency's name. No policy holds a subquery: settings filled once by the first step
-- of each statement (access/entering.py) are all they read.

create schema app;
grant usage on schema portal, app, audit to throughline_app;

create type app.answer as (j json, s bytea);

-- Settings are null or '' where nobody has entered.
create function app.viewer() returns uuid language sql stable parallel safe
  return nullif(current_setting('app.viewer', true), '')::uuid;
create function app.agency() returns uuid language sql stable parallel safe
  return nullif(current_setting('app.agency', true), '')::uuid;
create function app.services() returns uuid[] language sql stable parallel safe
  return string_to_array(nullif(current_setting('app.services', true), ''), ',')::uuid[];

-- The old row of a record is kept whenever a new one replaces it. Another agency than the maker's may only confirm, in its
-- own name; end, where the record is about its own school or a team that it may be on; or decide at its own front door.
create function app.keep_history() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  others text[] := array['version', 'state', 'confirmed_by_agency_id', 'confirmed_by_id', 'confirmed_at',
                         'until_on', 'decided_on', 'decision'];
begin
  if new.version <> old.version + 1 then
    raise exception 'a new version follows the old one' using errcode = 'serialization_failure';
  end if;
  if new.id <> old.id or new.agency_id <> old.agency_id or new.made_at <> old.made_at then
    raise exception 'a record keeps its maker' using errcode = 'integrity_constraint_violation';
  end if;
  if app.agency() is distinct from old.agency_id and app.agency() is not null
     and to_jsonb(new) - others <> to_jsonb(old) - others then
    raise exception 'only the maker''s agency amends a record' using errcode = 'insufficient_privilege';
  end if;
  if app.agency() is not null and to_jsonb(new)->'confirmed_by_agency_id' is distinct from to_jsonb(old)->'confirmed_by_agency_id'
     and to_jsonb(new)->>'confirmed_by_agency_id' is distinct from app.agency()::text then
    raise exception 'nobody says yes in another agency''s name' using errcode = 'insufficient_privilege';
  end if;
  insert into portal.record_history (record_id, version, kind, agency_id, service_id, sensitivity, body, replaced_at)
    values (old.id, old.version, tg_table_name, old.agency_id, old.service_id, old.sensitivity, to_jsonb(old), now());
  return new;
end $$;

-- A part has no version of its own: its old row is kept under the version of its report, which is bumped after it.
create function app.keep_part_history() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if app.agency() is distinct from old.agency_id and app.agency() is not null then
    raise exception 'only the maker''s agency amends a record' using errcode = 'insufficient_privilege';
  end if;
  insert into portal.record_history (record_id, version, kind, agency_id, service_id, sensitivity, body, replaced_at)
    select old.id, r.version, tg_table_name, old.agency_id, old.service_id, old.sensitivity, to_jsonb(old), now()
    from portal.support_report r where r.id = old.report_id;
  return new;
end $$;
create trigger keep_part_history before update on portal.support_report_part
  for each row execute function app.keep_part_history();

-- What the policy asks of a part stands again on the row of each of its people; this keeps the two in step.
create function app.tell_part_people() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if tg_table_name = 'support_report_part_person' then
    if new.report_id is null then
      select p.report_id, p.is_released, p.people, r.practitioner_id, r.household_id, r.given_on, r.parts_made, r.withdrawn_at
        into new.report_id, new.is_released, new.people, new.practitioner_id, new.household_id, new.given_on, new.parts_made, new.withdrawn_at
        from portal.support_report_part p join portal.support_report r on r.id = p.report_id where p.id = new.part_id;
    end if;
  elsif tg_table_name = 'support_report_part' then
    update portal.support_report_part_person l set sensitivity = new.sensitivity, is_released = new.is_released where l.part_id = new.id;
  elsif new.withdrawn_at is distinct from old.withdrawn_at then
    update portal.support_report_part_person l set withdrawn_at = new.withdrawn_at where l.report_id = new.id;
  end if;
  return new;
end $$;
create trigger tell_part_people before insert on portal.support_report_part_person
  for each row execute function app.tell_part_people();
create trigger tell_part_people after update on portal.support_report_part
  for each row execute function app.tell_part_people();
create trigger tell_part_people after update on portal.support_report
  for each row execute function app.tell_part_people();

-- Only the ledger links, and every move is in it. Identity records that the caller may not see move with their person.
create function app.link_people(kept uuid, other uuid, why text) returns integer
language plpgsql security definer set search_path = '' as $$
declare
  moved record;
  moves integer := 0;
begin
  if app.agency() is null then
    raise exception 'nobody has entered' using errcode = 'insufficient_privilege';
  end if;
  for moved in select id, service_id from portal.identity_record where person_id = other order by id for update loop
    update portal.identity_record set person_id = kept where id = moved.id;
    insert into portal.link_event (id, identity_record_id, from_person_id, person_id, because, reason, agency_id, service_id, practitioner_id, at)
      values (gen_random_uuid(), moved.id, other, kept, 'DECIDED', why, app.agency(), moved.service_id, app.viewer(), now());
    moves := moves + 1;
  end loop;
  return moves;
end $$;
revoke execute on function app.link_people from public;
grant execute on function app.link_people to throughline_app;

-- Acts about the same people take turns (`access/openings.py`). The app may not lock rows that it may not update.
create function app.hold_people(people uuid[]) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform from portal.person where id = any (people) order by id for no key update;
end $$;
revoke execute on function app.hold_people from public;
grant execute on function app.hold_people to throughline_app;

do $$
declare
  directory text[] := array['agency', 'cluster', 'feed', 'service', 'service_member', 'practitioner', 'practitioner_role',
                            'tool', 'tool_role', 'oauth_client', 'support_kind', 'need_label'];
  endable text[] := array['team_position', 'membership', 'relationship'];
  careful text := '(sensitivity <> ''CONFIDENTIAL'' or service_id = any (app.services()))';
  entered text := '(current_setting(''app.agency'', true) <> '''')';  -- null or false where nobody has entered; cheaper than app.agency()
  mine text := '(agency_id = app.agency())';
  readable text;
  writable text;
  t record;
begin
  for t in
    select c.oid, n.nspname as schema, c.relname as name,
      exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'sensitivity' and not a.attisdropped) as has_sensitivity,
      exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'agency_id' and not a.attisdropped) as has_agency,
      exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'withdrawn_reason' and not a.attisdropped) as is_record,
      exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'confirmed_by_agency_id' and not a.attisdropped) as is_confirmed
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('portal', 'audit') and c.relkind = 'r'
  loop
    execute format('alter table %I.%I enable row level security', t.schema, t.name);
    execute format('alter table %I.%I force row level security', t.schema, t.name);
    execute format('create policy owned on %I.%I to throughline_owner using (true) with check (true)', t.schema, t.name);
    if t.schema = 'audit' then
      execute format('grant insert on %I.%I to throughline_app', t.schema, t.name);
      execute format('create policy written on %I.%I for insert to throughline_app with check %s', t.schema, t.name, mine);
      continue;
    end if;
    readable := case when t.name = any (directory) then '(true)'
                     when t.has_sensitivity then format('(%s and %s)', entered, careful) else entered end;
    execute format('grant select on %I.%I to throughline_app', t.schema, t.name);
    execute format('create policy read on %I.%I for select to throughline_app using %s', t.schema, t.name, readable);
    if t.name = any (directory) or t.name = 'record_history' then
      continue;
    end if;
    writable := case when t.has_agency and t.has_sensitivity then format('(%s and %s)', mine, careful)
                     when t.has_agency then mine else entered end;
    execute format('grant insert on %I.%I to throughline_app', t.schema, t.name);
    execute format('create policy made on %I.%I for insert to throughline_app with check (%s%s)', t.schema, t.name, writable,
      case when t.is_confirmed then ' and (confirmed_by_agency_id is null or confirmed_by_agency_id = app.agency())' else '' end);
    if t.is_record then
      writable := case
        when t.name = 'enrolment' then format('((%s or confirmed_by_agency_id = app.agency() or school_id = app.agency()) and %s)', mine, careful)
        when t.name = 'contact' then format('((%s or front_door_id = app.agency()) and %s)', mine, careful)
        when t.name = 'sharing_decision' then format('((%s or confirmed_by_agency_id = app.agency()) and %s)', mine, careful)
        when t.name = any (endable) then format('(%s and %s)', entered, careful)
        else writable end;
      execute format('grant update on %I.%I to throughline_app', t.schema, t.name);
      execute format('create policy amended on %I.%I for update to throughline_app using %s with check %s', t.schema, t.name, readable, writable);
      execute format('create trigger keep_history before update on %I.%I for each row execute function app.keep_history()', t.schema, t.name);
    end if;
  end loop;
end $$;

-- What else may change, column by column.
grant update (given_name, family_name, date_of_birth, is_unborn, sex, version, made_at) on portal.identity_record to throughline_app;
create policy amended on portal.identity_record for update to throughline_app
  using (agency_id = app.agency() and (sensitivity <> 'CONFIDENTIAL' or service_id = any (app.services())))
  with check (agency_id = app.agency());
grant update (sensitivity, what_was_done, outcome, is_released) on portal.support_report_part to throughline_app;
create policy amended on portal.support_report_part for update to throughline_app
  using (agency_id = app.agency() and (sensitivity <> 'CONFIDENTIAL' or service_id = any (app.services())))
  with check (agency_id = app.agency());
grant update (until_on) on portal.assignment to throughline_app;
create policy amended on portal.assignment for update to throughline_app
  using (agency_id = app.agency()) with check (agency_id = app.agency());

-- Derived rows are made anew from the records that imply them.
grant delete on portal.opening, portal.search_key to throughline_app;
create policy unmade on portal.opening for delete to throughline_app using (app.agency() is not null);
create policy unmade on portal.search_key for delete to throughline_app using (app.agency() is not null);

-- A client signs in before anybody has entered, and spends its assertions there.
drop policy read on portal.oauth_assertion;
drop policy made on portal.oauth_assertion;
grant delete on portal.oauth_assertion to throughline_app;
create policy spent on portal.oauth_assertion to throughline_app using (true) with check (true);

drop policy read on portal.idempotency_key;
create policy read on portal.idempotency_key for select to throughline_app using (agency_id = app.agency());

-- A file that was brought in shows to the agency that brought it alone; its bytes are forgotten in time, whosever they are.
drop policy read on portal.imported_file;
create policy read on portal.imported_file for select to throughline_app using (agency_id = app.agency());
grant update (ended_at, report, content) on portal.imported_file to throughline_app;
create policy amended on portal.imported_file for update to throughline_app
  using (agency_id = app.agency()) with check (agency_id = app.agency());
create function app.forget_imported_bytes(days integer) returns void language sql security definer set search_path = '' as $$
  update portal.imported_file set content = null where content is not null and begun_at < now() - make_interval(days => days);
$$;
revoke execute on function app.forget_imported_bytes from public;
grant execute on function app.forget_imported_bytes to throughline_app;

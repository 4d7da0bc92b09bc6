"""seal the trail"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from throughline.db.columns import Xid8
from throughline.db.migrate import run_script

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# `audit/seal.py` says what is chained and how; verify-audit computes it again from there, and asks none of these functions.
SEALING = """
alter table audit.seal enable row level security;
alter table audit.seal force row level security;
create policy owned on audit.seal to throughline_owner using (true) with check (true);

-- Who writes a row says nothing about when: the order of commit is the database's own word.
alter policy written on audit.entry with check (agency_id = app.agency() and xid = pg_current_xact_id());

create function app.trail_shard(id uuid) returns smallint language sql immutable parallel safe
  return (get_byte(uuid_send(id), 15) & 7)::smallint;

create function app.trail_field(value bytea) returns bytea language sql immutable parallel safe
  return coalesce(int4send(length(value)) || value, '\\xffffffff');

create function app.trail_bytes(e audit.entry) returns bytea language sql immutable parallel safe
  return int2send(14::smallint)
    || app.trail_field(uuid_send(e.id)) || app.trail_field(xid8send(e.xid)) || app.trail_field(timestamptz_send(e.at))
    || app.trail_field(uuid_send(e.agency_id)) || app.trail_field(uuid_send(e.actor_id))
    || app.trail_field(textsend(e.client_id)) || app.trail_field(textsend(e.role)) || app.trail_field(textsend(e.purpose))
    || app.trail_field(textsend(e.verb)) || app.trail_field(textsend(e.operation))
    || app.trail_field(textsend(e.policy_version)) || app.trail_field(textsend(e.outcome))
    || app.trail_field(e.seen) || app.trail_field(e.terms);

create function app.trail_link(state bytea, start bytea, link bytea) returns bytea language plpgsql immutable parallel safe
as $$ begin return sha256(coalesce(state, start) || link); end $$;
create aggregate app.trail_chain(start bytea, link bytea) (sfunc = app.trail_link, stype = bytea);

-- The last seal of each shard: where a chain goes on, and what a checkpoint attests. It shows nothing of any entry but its id.
create function app.trail_heads() returns table (shard smallint, "position" bigint, xid xid8, entry_id uuid, hash bytea)
language sql stable security definer set search_path = '' as $$
  select s::smallint, coalesce(h.position, 0), h.xid, h.entry_id, coalesce(h.hash, decode(repeat('00', 32), 'hex'))
  from generate_series(0, 7) s
  left join lateral (select * from audit.seal x where x.shard = s order by x.position desc limit 1) h on true
  order by s
$$;

-- Seals the next entries in the order of commit: those of transactions before which none is still running. The caller learns how
-- many they were, and can neither read an entry, nor choose what is sealed, nor with which hash. Whoever comes second with the
-- same entries breaks the key (shard, position), and nothing of theirs is kept.
create function app.seal_trail(most integer) returns bigint
language sql security definer set search_path = '' as $$
  with head as materialized (select * from app.trail_heads()),
  last as materialized (
    select coalesce(max(h.xid), '0') as xid,
      coalesce((array_agg(h.entry_id order by h.xid desc, h.entry_id desc) filter (where h.xid is not null))[1],
               '00000000-0000-0000-0000-000000000000') as id
    from head h
  ),
  entries as materialized (
    select e.id, e.xid, app.trail_shard(e.id) as shard, app.trail_bytes(e) as bytes
    from audit.entry e
    where e.xid >= (select xid from last) and (e.xid, e.id) > ((select xid from last), (select id from last))
      and e.xid < pg_snapshot_xmin(pg_current_snapshot())
    order by e.xid, e.id limit most
  ),
  placed as (
    select e.*, h.hash as start, h.position + row_number() over (partition by e.shard order by e.xid, e.id) as position
    from entries e join head h on h.shard = e.shard
  ),
  sealed as (
    insert into audit.seal (shard, position, xid, entry_id, hash)
    select p.shard, p.position, p.xid, p.id,
      app.trail_chain(p.start, int2send(p.shard) || int8send(p.position) || p.bytes) over (partition by p.shard order by p.position)
    from placed p
    returning 1
  )
  select count(*) from sealed
$$;

revoke execute on function app.trail_heads, app.seal_trail from public;
grant execute on function app.trail_heads, app.seal_trail to throughline_app;
"""

UNSEALING = """
drop function app.seal_trail;
drop function app.trail_heads;
drop aggregate app.trail_chain(bytea, bytea);
drop function app.trail_link;
drop function app.trail_bytes;
drop function app.trail_field;
drop function app.trail_shard;
alter policy written on audit.entry with check (agency_id = app.agency());
"""


def upgrade() -> None:
    op.create_table(
        "seal",
        sa.Column("shard", sa.SmallInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("xid", Xid8(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("shard", "position", name=op.f("pk_seal")),
        schema="audit",
    )
    run_script(op.get_bind(), SEALING)


def downgrade() -> None:
    run_script(op.get_bind(), UNSEALING)
    op.drop_table("seal", schema="audit")

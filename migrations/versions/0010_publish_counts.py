"""Anonymous counts of what confidential services did: for each area and year, and nothing finer."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from throughline.db.migrate import run_script

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# The second wall. The portal's own role reads what is published, and neither counts nor publishes: when and what is counted is for the
# owner to say, at the command line, so that nobody who got hold of the portal could have it counted at a moment of their choosing.
# What is published stands: a second edition beside the first would tell what lies between the two.
PUBLISHED = """
    alter table portal.published_count enable row level security;
    alter table portal.published_count force row level security;
    create policy owned on portal.published_count to throughline_owner using (true) with check (true);
    create policy read on portal.published_count for select to throughline_app using (current_setting('app.agency', true) <> '');
    grant select on portal.published_count to throughline_app;

    create function app.keep_what_is_published() returns trigger language plpgsql set search_path = '' as $$
    begin
      raise exception 'what is published is neither changed nor counted again' using errcode = 'integrity_constraint_violation';
    end $$;
    create trigger keep_what_is_published before update on portal.published_count
      for each row execute function app.keep_what_is_published();
"""

RULES = {
    "fewest": "fewest >= 10",
    "year": "year between 2000 and 9999",
    "in_fives": "reports % 5 = 0 and people % 5 = 0",
    "both_or_neither": "num_nulls(reports, people) in (0, 2)",
    "year_is_over": "published_on >= make_date(year + 1, 4, 1)",
}


def upgrade() -> None:
    op.create_table(
        "published_count",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("fewest", sa.Integer(), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=False),
        *(sa.CheckConstraint(text, name=op.f(f"ck_published_count_{name}")) for name, text in RULES.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_count")),
        sa.UniqueConstraint("year", "area", name=op.f("uq_published_count_year_area")),
        schema="portal",
    )
    run_script(op.get_bind(), PUBLISHED)


def downgrade() -> None:
    op.drop_table("published_count", schema="portal")
    op.execute("drop function app.keep_what_is_published")

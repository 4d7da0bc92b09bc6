"""Running migrations from code. That they go up and down is tests/house/test_migrations.py."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from throughline.db import migrate

FIRST = '''"""Make a table and fill it"""
from alembic import op
from throughline.db.migrate import run_script
revision, down_revision, branch_labels, depends_on = "0001", None, None, None
def upgrade():
    run_script(op.get_bind(), "create table public.t (n int); insert into public.t values (1), (2);")
def downgrade():
    op.execute("drop table public.t")
'''
SECOND = '''"""Break half-way"""
from alembic import op
from throughline.db.migrate import run_script
revision, down_revision, branch_labels, depends_on = "0002", "0001", None, None
def upgrade():
    run_script(op.get_bind(), "insert into public.t values (3); select 1")
    op.execute("select 1 / 0")
def downgrade():
    pass
'''


@pytest.fixture
def own_migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "versions").mkdir()
    for name in ("env.py", "script.py.mako"):
        (tmp_path / name).write_text((migrate.migrations_dir() / name).read_text())
    (tmp_path / "versions" / "0001_make_a_table.py").write_text(FIRST)
    monkeypatch.setattr(migrate, "migrations_dir", lambda: tmp_path)
    return tmp_path / "versions"


def test_it_tells_each_step_and_knows_where_it_is(own_migrations: Path, make_database: Callable[..., Any]) -> None:
    url = make_database(migrated=False).owner_url
    told: list[str] = []
    assert migrate.current(url) is None
    migrate.upgrade(url, report=told.append)
    assert migrate.current(url) == "0001"
    assert migrate.heads() == ("0001",)
    migrate.upgrade(url, report=told.append)
    migrate.downgrade(url, "base", report=told.append)
    assert migrate.current(url) is None
    assert told == ["applied 0001: Make a table and fill it", "taken back 0001: Make a table and fill it"]


def test_a_migration_that_breaks_leaves_nothing_of_itself(own_migrations: Path, make_database: Callable[..., Any]) -> None:
    url = make_database(migrated=False).owner_url
    migrate.upgrade(url)
    (own_migrations / "0002_break.py").write_text(SECOND)
    with pytest.raises(sa.exc.DBAPIError, match="division by zero"):
        migrate.upgrade(url)
    assert migrate.current(url) == "0001"
    migrate.downgrade(url, "base")
    migrate.upgrade(url, "0001")

"""A PostgreSQL of ours that runs already, in another process: found by its data folder."""

from pathlib import Path
from urllib.parse import quote

from throughline.db.bootstrap import APP_ROLE, DATABASE, OWNER_ROLE
from throughline.db.data_folder import running_program

_PID_LINE, _PORT_LINE, _STATE_LINE = 0, 3, 7  # of postmaster.pid


def running_app_url(data_dir: Path) -> str | None:
    """Of the app role. None where nothing runs there, or where the folder holds no password of ours."""
    return _running_url(data_dir, APP_ROLE, "app.password")


def running_owner_url(data_dir: Path) -> str | None:
    """Of the owner, for an operator's questions."""
    return _running_url(data_dir, OWNER_ROLE, "owner.password")


def _running_url(data_dir: Path, role: str, password_file: str) -> str | None:
    try:
        lines = (data_dir / "postgres" / "postmaster.pid").read_text().splitlines()
        password = (data_dir / password_file).read_text().strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    if len(lines) <= _STATE_LINE or lines[_STATE_LINE].strip() != "ready" or not running_program(lines[_PID_LINE].strip()):
        return None
    return f"postgresql://{role}:{quote(password, safe='')}@127.0.0.1:{int(lines[_PORT_LINE])}/{DATABASE}"

"""A PostgreSQL of ours that runs already, in another process: found by its data folder, and spoken to as the app role."""

from pathlib import Path
from urllib.parse import quote

from throughline.db.bootstrap import APP_ROLE, DATABASE
from throughline.db.data_folder import running_program

_PID_LINE, _PORT_LINE, _STATE_LINE = 0, 3, 7  # of postmaster.pid


def running_app_url(data_dir: Path) -> str | None:
    """None where nothing runs there, or where the folder holds no password of ours."""
    try:
        lines = (data_dir / "postgres" / "postmaster.pid").read_text().splitlines()
        password = (data_dir / "app.password").read_text().strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    if len(lines) <= _STATE_LINE or lines[_STATE_LINE].strip() != "ready" or not running_program(lines[_PID_LINE].strip()):
        return None
    return f"postgresql://{APP_ROLE}:{quote(password, safe='')}@127.0.0.1:{int(lines[_PORT_LINE])}/{DATABASE}"

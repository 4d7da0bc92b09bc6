"""`throughline verify-audit`. `__main__` hands it the way to the database's owner, and where checkpoints and their key are."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import click

from throughline.audit.checkpoint import CheckpointFolder, Keys, keys_from
from throughline.audit.findings import Mark
from throughline.audit.verify import Report, verify

Opened = Callable[[Path | None], AbstractContextManager[str]]
"""The owner's address of the database in the data folder that was named, or in the ordinary one."""

TAMPERED, UNVERIFIABLE = 1, 2
"""Exit codes: something is wrong with the trail; nothing can be said about it. 0: it is whole."""
LATE_SECONDS = 120


@dataclass(frozen=True)
class Places:
    """`folder`: where the portal in this data folder puts its checkpoints. `signing_key`: in PEM; asked for only where no other key
    is named."""

    folder: Callable[[Path | None], Path]
    signing_key: Callable[[Path | None], str]


class Unverifiable(click.ClickException):
    exit_code = UNVERIFIABLE


def command(opened: Opened, places: Places) -> click.Command:
    @click.command("verify-audit")
    @click.option("--checkpoints", type=click.Path(path_type=Path), help="Their folder, if it is not the portal's own.")
    @click.option(
        "--key", "key_files", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="A key that signed them, if not the portal's: PEM, public or private, or what /oauth/jwks serves. May be repeated.",
    )  # fmt: skip
    @click.option(
        "--since", type=click.DateTime(), help="Believe the last checkpoint before this time (UTC), and read what came after."
    )
    @click.option("--data", type=click.Path(path_type=Path), help="The data folder, if it is not the ordinary one.")
    @click.option("--json", "as_json", is_flag=True, help="Say it for machines.")
    def run(
        checkpoints: Path | None, key_files: tuple[Path, ...], since: datetime | None, data: Path | None, *, as_json: bool
    ) -> None:
        """Verify the trail: every sealed entry, every seal and every signed checkpoint.

        Says what was changed, taken away, put in, moved, written anew or restored, in which shard, at which position and between
        which checkpoints, and how much is not sealed yet.

        Exit code 0 if the trail is whole, 1 if anything is wrong with it, 2 if it cannot be verified.
        """
        try:
            folder = CheckpointFolder(checkpoints or places.folder(data))
            if not folder.folder.is_dir():
                raise Unverifiable(f"there are no checkpoints in {folder.folder}; name their folder with --checkpoints")
            keys = keys_from(*([path.read_text() for path in key_files] or [places.signing_key(data)]))
            with opened(data) as owner_url:
                at = since.replace(tzinfo=UTC) if since else None
                report = asyncio.run(_verified(owner_url, folder, keys, at))
        except click.ClickException:
            raise
        except Exception as error:  # 1 says that something is wrong with the trail: whatever hinders us must not look like it
            raise Unverifiable(f"the trail cannot be verified: {str(error) or type(error).__name__}") from error
        now = datetime.now(UTC)
        click.echo(json.dumps(as_data(report, now)) if as_json else "\n".join(lines(report, now)))
        if not report.is_whole:
            raise click.exceptions.Exit(TAMPERED)

    return run


async def _verified(owner_url: str, folder: CheckpointFolder, keys: Keys, since: datetime | None) -> Report:
    connection = await asyncpg.connect(owner_url)
    try:
        return await verify(connection, folder, keys, since=since, progress=_tell)
    finally:
        await connection.close()


def _tell(count: int, total: int) -> None:
    click.echo(f"{count:,} of about {total:,} entries", err=True)


def as_data(report: Report, now: datetime) -> dict[str, Any]:
    oldest, last = report.oldest_unsealed_at, report.attested.last
    return {
        "is_whole": report.is_whole,
        "verified": report.verified,
        "since": _mark(report.since),
        "checkpoints": {
            "count": report.attested.count,
            "first": _mark(report.attested.first),
            "last": _mark(last),
            "last_age_s": _age(now, last.at) if last else None,
            "torn_lines": report.attested.torn,
        },
        "sealed_since_last_checkpoint": report.unattested,
        "unsealed": {
            "count": report.unsealed,
            "oldest_at": oldest.isoformat() if oldest else None,
            "oldest_age_s": _age(now, oldest) if oldest else None,
        },
        "wrong": report.findings.total,
        "findings": [found.as_json() for found in report.findings.kept],
    }


def _mark(mark: Mark | None) -> dict[str, Any] | None:
    return {"number": mark.number, "at": mark.at.isoformat()} if mark else None


def lines(report: Report, now: datetime) -> Iterator[str]:
    """For people."""
    attested = report.attested
    yield f"{report.verified:,} sealed entries are what was sealed" + (f", after {report.since}." if report.since else ".")
    last = f", the last {_ago(now, attested.last.at)}" if attested.last else ""
    yield f"{attested.count:,} checkpoints{last}; {report.unattested:,} entries were sealed after it."
    if attested.torn:
        yield f"{attested.torn} unreadable lines among the checkpoints, as a crash leaves them."
    oldest = f", the oldest written {_ago(now, report.oldest_unsealed_at)}" if report.oldest_unsealed_at else ""
    yield f"{report.unsealed:,} entries are not sealed yet{oldest}."
    if report.oldest_unsealed_at and _age(now, report.oldest_unsealed_at) > LATE_SECONDS:
        is_at_work = attested.last is not None and _age(now, attested.last.at) <= LATE_SECONDS
        yield (
            "A transaction that has not ended holds sealing back."
            if is_at_work
            else "No sealer seems to be at work: is the portal running, and what does its log say?"
        )
    if report.is_whole:
        yield "The trail is whole."
        return
    yield f"THE TRAIL IS NOT WHOLE. Faults: {report.findings.total:,}."
    yield from (f"- {found}" for found in report.findings.kept)


def _ago(now: datetime, then: datetime) -> str:
    return f"{max(0, int(_age(now, then))):,} s ago"


def _age(now: datetime, then: datetime) -> float:
    return (now - then).total_seconds()

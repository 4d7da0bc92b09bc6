"""`throughline import-ctf` and `throughline import-reports`. `__main__` hands them the way to a database."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import click
import orjson

from throughline.access.acting import Acting
from throughline.access.gate import Gate, NotInForce, day_in_london
from throughline.access.policy import PRACTITIONERS
from throughline.db.engine import make_pool
from throughline.db.refusal import Refused
from throughline.reading.reader import Reader
from throughline.settings import Settings
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role
from throughline.transfer.bringer import Bringer, NobodyToBringItError, bringer
from throughline.transfer.ctf import CtfProgress
from throughline.transfer.ctf_error import CtfError
from throughline.transfer.ctf_import import MAX_BYTES, import_ctf
from throughline.transfer.ctf_report import CtfReport
from throughline.transfer.report_csv import CsvError, error_report, template
from throughline.transfer.report_import import ReportImporter, ReportsImported, vocabulary_of

FILE_BRINGERS = (Role.INCLUSION_LEAD, Role.TRANSITION_COORDINATOR, Role.SAFEGUARDING_LEAD)
REFUSALS = (CtfError, CsvError, Refused, NotInForce)

Opened = Callable[[Path | None], AbstractContextManager[tuple[Settings, str]]]
"""Settings, and the address of their database, of the data folder that was named or of the ordinary one."""

_AS = click.option("--as", "named", required=True, metavar="PRACTITIONER", help="In whose name: an e-mail address or an id.")
_DATA = click.option("--data", type=click.Path(path_type=Path), help="The data folder, if it is not the ordinary one.")
_REPORT = click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write the report as JSON, too.")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class Desk:
    settings: Settings
    gate: Gate
    reader: Reader
    acting: Acting


@asynccontextmanager
async def desk(settings: Settings, app_url: str) -> AsyncIterator[Desk]:
    async with make_pool(app_url, fewest=1, most=2) as pool:
        gate, secret = Gate(pool), settings.secret.encode()
        reader = Reader(gate, secret=secret, clock=_now)
        yield Desk(settings, gate, reader, Acting(gate, secret=secret, clock=_now, sees=reader.sees))


def commands(opened: Opened) -> list[click.Command]:
    return [_import_ctf(opened), _import_reports(opened)]


def _import_ctf(opened: Opened) -> click.Command:
    @click.command("import-ctf")
    @click.argument("files", metavar="FILE...", nargs=-1, required=True, type=_FILE)
    @_AS
    @_REPORT
    @_DATA
    def command(files: tuple[Path, ...], named: str, report: Path | None, data: Path | None) -> None:
        """Bring in Common Transfer Files.

        Brought in by the school that sent them they confirm the move; brought in by anybody else they propose it. The same
        file twice changes nothing. Exit code 1 if a file was refused; pupils who were left out are in the report.
        """
        with opened(data) as (settings, app_url):
            reports = asyncio.run(_bring_files(settings, app_url, files, named))
        _keep(report, reports)
        if any("refused" in one for one in reports):
            raise click.exceptions.Exit(1)

    return command


def _import_reports(opened: Opened) -> click.Command:
    @click.command("import-reports")
    @click.argument("file", metavar="FILE.csv", required=False, type=_FILE)
    @click.option("--as", "named", metavar="PRACTITIONER", help="In whose name: an e-mail address or an id.")
    @click.option("--template", "wants_template", is_flag=True, help="Print an empty list to fill in, and do nothing else.")
    @click.option("--errors", type=click.Path(dir_okay=False, path_type=Path), help="Write the lines that were left out as CSV.")
    @_REPORT
    @_DATA
    def command(file: Path | None, named: str | None, wants_template: bool, **options: Path | None) -> None:
        """Bring in a list of support reports, for a group that has a spreadsheet and no system.

        A line that is wrong is told with its column and left out; the others go on. A line counts once, however often the list
        is sent. Exit code 1 if the list was refused as a whole.
        """
        if wants_template:
            with opened(options["data"]) as (settings, app_url):
                click.echo(asyncio.run(_template(settings, app_url)), nl=False)
            return
        if not file or not named:
            raise click.UsageError("Name a FILE.csv and --as whom it is brought in, or ask for --template.")
        with opened(options["data"]) as (settings, app_url):
            outcome = asyncio.run(_bring_list(settings, app_url, file, named))
        if options["errors"]:
            options["errors"].write_text(error_report(outcome.errors), encoding="utf-8")
        _keep(options["report"], [asdict(outcome)])

    return command


async def _bring_files(settings: Settings, app_url: str, files: tuple[Path, ...], named: str) -> list[dict[str, Any]]:
    async with desk(settings, app_url) as at:
        who = await _who(at, named, FILE_BRINGERS, Purpose.TRANSITION)
        return [await _bring_file(at, who, path) for path in files]


async def _bring_file(at: Desk, who: Bringer, path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)  # one more than may be: the reader says that it is too large
        report = await import_ctf(
            at.acting, who.viewer, data, key=f"file:{uuid4()}", operation="import-ctf", file_name=path.name,
            on_progress=_progress(path.name),
        )  # fmt: skip
    except REFUSALS as refused:
        click.echo(f"{path.name}: refused. {refused}", err=True)
        return {"file": path.name, "refused": {"code": getattr(refused, "code", "NOT_IN_FORCE"), "message": str(refused)}}
    click.echo(f"{path.name}\n{told(report)}")
    return {"file": path.name, **report.as_dict()}


def _progress(name: str) -> Callable[[CtfProgress], None]:
    def show(seen: CtfProgress) -> None:
        if seen.stage == "importing":
            click.echo(f"{name}: {seen.done} of {seen.total} pupils", err=True)

    return show


def told(report: CtfReport) -> str:
    tally = report.tally
    there, outside = tally.enrolments_there, tally.schools_outside
    lines = [
        f"  from {report.source} to {report.destination or 'nowhere named'}: {report.pupils} pupils",
        f"  {tally.known} known here, {tally.updated} of them with something new; of {tally.kept_as_hashes} only keyed hashes stay",
        f"  enrolments: {tally.enrolments_confirmed} confirmed, {tally.enrolments_proposed} proposed, "
        f"{tally.enrolments_ended} ended, {there} there already; {outside} schools outside the portal",
        f"  {tally.attendance_years} years of attendance, {tally.addresses} addresses",
    ]
    for one in tally.left_out:
        lines.append(f"  left out: pupil {one.ordinal}: {'; '.join(f'{note.code} {note.message}' for note in one.reasons)}")
    lines += [f"  warning: {note.code} {note.message}" for note in report.warnings]
    counted = {"warnings about pupils": tally.warnings, "left out on purpose": report.not_kept}
    for title, counts in {**counted, "not understood": report.not_understood}.items():
        if counts:
            lines.append(f"  {title}: {', '.join(f'{name} ({times})' for name, times in sorted(counts.items()))}")
    return "\n".join(lines)


async def _bring_list(settings: Settings, app_url: str, path: Path, named: str) -> ReportsImported:
    async with desk(settings, app_url) as at:
        who = await _who(at, named, PRACTITIONERS, Purpose.SUPPORT)
        importer = ReportImporter(at.acting, at.reader, who.viewer, who.agency_id, "import-reports")
        try:
            with path.open("rb") as stream:
                outcome = await importer.bring(stream, await vocabulary_of(at.gate), today=day_in_london(_now()), on_line=_line)
        except REFUSALS as refused:
            raise click.ClickException(f"{path.name} was refused. {refused}") from None
    for error in outcome.errors:
        click.echo(f"line {error.line}, {error.column or 'whole line'}: {error.code} {error.message}")
    click.echo(f"{outcome.submitted} submitted, {outcome.there} there already, {outcome.left_out} left out")
    return outcome


async def _template(settings: Settings, app_url: str) -> str:
    async with desk(settings, app_url) as at:
        return template(await vocabulary_of(at.gate))


async def _who(at: Desk, named: str, roles: tuple[Role, ...], purpose: Purpose) -> Bringer:
    try:
        return await bringer(at.gate, named, roles, purpose)
    except NobodyToBringItError as error:
        raise click.ClickException(str(error)) from None


def _line(done: int) -> None:
    if done % 100 == 0:
        click.echo(f"{done} lines", err=True)


def _keep(path: Path | None, report: list[dict[str, Any]]) -> None:
    if path:
        path.write_bytes(orjson.dumps(report, option=orjson.OPT_INDENT_2))


def _now() -> datetime:
    return datetime.now(UTC)

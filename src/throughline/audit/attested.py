"""The checkpoints of a folder, one after the other: those that are genuine, and a finding for each that is not or is not next."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from throughline.audit.checkpoint import (
    Checkpoint,
    CheckpointFolder,
    Keys,
    Line,
    UnreadableCheckpoint,
    digest,
    is_genuine,
    read,
)
from throughline.audit.findings import Finding, Findings, Mark, Wrong
from throughline.audit.seal import START


@dataclass(slots=True)
class Attested:
    """Iterate once. `first`, `last`, `count`: of the genuine ones that have gone by. `torn`: lines that say nothing, over which
    the chain goes on; a crash leaves them. `may_begin_later`: the earliest files may have been put away."""

    folder: CheckpointFolder
    extent: Mapping[Path, int]
    keys: Keys
    findings: Findings
    may_begin_later: bool = False
    count: int = 0
    torn: int = 0
    first: Mark | None = None
    last: Mark | None = None
    _chain: tuple[int, bytes] | None = None

    def __iter__(self) -> Iterator[Checkpoint]:
        before: Checkpoint | None = None
        for line in self.folder.lines(self.extent):
            checkpoint = self._read(line)
            if checkpoint is None:
                continue
            if before is not None and _is_less(checkpoint, before):
                self._wrong(Wrong.WENT_BACK, line, checkpoint)
            else:
                yield checkpoint
            before = checkpoint
            self.count += 1
            self.last = Mark(checkpoint.number, checkpoint.at)
            self.first = self.first or self.last

    def _read(self, line: Line) -> Checkpoint | None:
        try:
            checkpoint = read(line.text)
        except UnreadableCheckpoint:
            self.torn += 1
            return None
        if not self._follows(checkpoint):
            self._wrong(Wrong.CHECKPOINTS_MISSING, line, checkpoint)
        self._chain = (checkpoint.number, digest(line.text))
        if is_genuine(line.text, self.keys):
            return checkpoint
        self._wrong(Wrong.NOT_GENUINE, line, checkpoint)
        return None

    def _follows(self, checkpoint: Checkpoint) -> bool:
        if self._chain is None:
            return self.may_begin_later or (checkpoint.number, checkpoint.previous) == (1, START)
        number, before = self._chain
        return (checkpoint.number, checkpoint.previous) == (number + 1, before)

    def _wrong(self, wrong: Wrong, line: Line, checkpoint: Checkpoint) -> None:
        where = f"{line.file}, line {line.number}"
        self.findings.add(Finding(wrong, after=self.last, before=Mark(checkpoint.number, checkpoint.at), where=where))


def _is_less(checkpoint: Checkpoint, before: Checkpoint) -> bool:
    pairs = zip(checkpoint.heads, before.heads, strict=True)
    return checkpoint.until < before.until or any(now.position < then.position for now, then in pairs)

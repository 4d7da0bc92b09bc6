"""XML events in, one pupil at a time out. No tree is built: memory stays flat whatever the file holds."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from lxml import etree

from throughline.transfer.ctf_elements import HEADER, PUPIL, Element
from throughline.transfer.ctf_error import CtfError, CtfNote

MAX_DEPTH = 24  # a CTF is eight deep
MAX_ATTRIBUTES = 32  # a CTF has none
MAX_TEXT = 500  # characters in one field that is kept
MAX_ROWS = 100  # school years or schools of one pupil
MAX_NAMES = 100  # distinct names of elements that a report lists
_OTHERS = "(others)"

# Just enough of the outside to know where we are; everything below Header and Pupil stands in `ctf_elements`.
_ROOT = Element("CTfile")
_ROOT.children = {"Header": HEADER, "CTFpupilData": Element("CTFpupilData", children={"Pupil": PUPIL})}


@dataclass(slots=True)
class RawPupil:
    """A pupil as text, before anything was judged. `ordinal` counts from 1 in the order of the file."""

    ordinal: int
    fields: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    faults: list[CtfNote] = field(default_factory=list)


class Scan:
    """A target for lxml's parser. Whoever feeds the parser empties `pupils` after each chunk."""

    def __init__(self, *, max_pupils: int) -> None:
        self.header: dict[str, str] | None = None
        self.pupils: list[RawPupil] = []
        self.pupil_count = 0
        self.not_kept: Counter[str] = Counter()
        self.not_understood: Counter[str] = Counter()
        self.depth = 0
        self._max_pupils = max_pupils
        self._open: list[Element] = []
        self._skipped_at: int | None = None
        self._pupil: RawPupil | None = None
        self._fields: dict[str, str] = {}
        self._text: list[str] | None = None
        self._text_length = 0

    @property
    def is_in_pupil(self) -> bool:
        return self._pupil is not None

    def doctype(self, _name: str, _public_id: str | None, _system_id: str | None) -> None:
        raise CtfError("CTF_DOCTYPE", "The file declares a document type. A CTF has none, so it is not read.")

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH or len(attributes) > MAX_ATTRIBUTES:
            raise CtfError("CTF_TOO_COMPLEX", "The file is nested or decorated as no CTF is.")
        if self._skipped_at is not None:
            return
        element = self._known(tag.rpartition("}")[2])
        if element is None:
            self._skipped_at = self.depth
            return
        self._open.append(element)
        if element is HEADER:
            self._start_header()
        elif element is PUPIL:
            self._start_pupil()
        elif element.row and self._pupil:
            self._start_row(self._pupil, element)
        elif element.text_as:
            self._text, self._text_length = [], 0

    def data(self, data: str | bytes) -> None:
        if self._text is None or self._skipped_at is not None:
            return
        self._text_length += len(data)
        if self._text_length <= MAX_TEXT:
            self._text.append(str(data))

    def end(self, _tag: str) -> None:
        self.depth -= 1
        if self._skipped_at is not None:
            if self.depth < self._skipped_at:
                self._skipped_at = None
            return
        element = self._open.pop()
        if element.text_as:
            self._end_field(element.text_as)
        elif element.row and self._pupil:
            self._fields = self._pupil.fields
        elif element is PUPIL and self._pupil:
            self.pupils.append(self._pupil)
            self._pupil = None

    def close(self) -> None:
        """lxml asks for it; the result is in the attributes."""

    def _known(self, name: str) -> Element | None:
        """The element by that name here, or None after counting it as left out or not understood."""
        if not self._open:
            if name != _ROOT.name:
                raise CtfError("CTF_NOT_A_CTF", "This is XML, but not a Common Transfer File.")
            return _ROOT
        parent = self._open[-1]
        element = parent.children.get(name)
        if element is None:
            self._count(self.not_understood, f"{parent.name}/{name[:64]}")
        elif not element.is_kept:
            self._count(self.not_kept, element.name)
            return None
        return element

    @staticmethod
    def _count(names: Counter[str], name: str) -> None:
        names[name if name in names or len(names) < MAX_NAMES else _OTHERS] += 1

    def _start_header(self) -> None:
        if self.header is not None:
            raise CtfError("CTF_STRUCTURE", "The file has more than one header.")
        self.header = self._fields = {}

    def _start_pupil(self) -> None:
        if self.header is None:
            raise CtfError("CTF_STRUCTURE", "The file has pupils before its header.")
        self.pupil_count += 1
        if self.pupil_count > self._max_pupils:
            raise CtfError("CTF_TOO_MANY_PUPILS", f"The file has more than {self._max_pupils} pupils.")
        self._pupil = RawPupil(self.pupil_count)
        self._fields = self._pupil.fields

    def _start_row(self, pupil: RawPupil, element: Element) -> None:
        self._fields = {}
        rows = pupil.rows.setdefault(element.row or "", [])
        if len(rows) < MAX_ROWS:
            rows.append(self._fields)
        else:
            self._fault("TOO_MANY_ROWS", f"More than {MAX_ROWS} of {element.name}.")

    def _end_field(self, name: str) -> None:
        text = "".join(self._text or ()).strip()
        if self._text_length > MAX_TEXT:
            self._fault("TEXT_TOO_LONG", f"{name} has more than {MAX_TEXT} characters.")
        elif name in self._fields:
            self._fault("REPEATED_ELEMENT", f"{name} is given twice.")
        elif text:
            self._fields[name] = text
        self._text = None

    def _fault(self, code: str, message: str) -> None:
        if self._pupil is None:
            raise CtfError("CTF_STRUCTURE", f"Header: {message}")
        fault = CtfNote(code, message)
        if fault not in self._pupil.faults:
            self._pupil.faults.append(fault)


def parser_for(scan: Scan) -> etree.XMLParser:
    """A parser that trusts nothing. `Scan.doctype` refuses before the first entity can be declared."""
    return etree.XMLParser(
        target=cast("etree.ParserTarget", scan),  # lxml asks for less than its stubs do
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )

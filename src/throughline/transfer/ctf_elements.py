"""What we read of a Common Transfer File, what we leave out on purpose, and so what we do not understand.

The official schema was not available to us: these are the elements named in our own notes on the format. What
a pupil has beyond early help's purpose is left out while reading and never held: see NOT_KEPT.
"""

from dataclasses import dataclass, field

_ADDRESS_LINES = tuple(f"AddressLine{n}" for n in range(1, 6))
_BS7666_LINES = ("SAON", "PAON", "Street", "Locality", "Town", "AdministrativeArea", "PostTown")
ADDRESS_FIELDS = (*_BS7666_LINES, *_ADDRESS_LINES)
"""Address lines in the order in which an envelope has them."""

_HEADER = """
DocumentName CTFversion DateTime DocumentQualifier DataDescriptor SupplierID
SourceSchool/LEA SourceSchool/Estab SourceSchool/URN SourceSchool/SchoolName SourceSchool/AcademicYear
DestSchool/LEA DestSchool/Estab DestSchool/URN DestSchool/SchoolName
"""
_PUPIL = """
UPN UniqueLearnerNumber Surname Forename DOB Sex Gender
BasicDetails/FormerUPN BasicDetails/PreferredSurname BasicDetails/FormerSurname BasicDetails/PreferredForename
BasicDetails/MiddleNames BasicDetails/NCyearActual BasicDetails/EnrolStatus
Address/PostCode
"""
_ROWS = {
    "Attendance/YearData": ("Year LEA Estab SchoolName SessionsPossible SessionsAuthorised SessionsAttended SessionsUnauthorised"),
    "SchoolHistory/School": "LEA Estab URN SchoolName EntryDate LeavingDate LeavingReason LastSchool",
}

NOT_KEPT = """
UCI FSMhistory LookedAfter SENhistory Phones Email Contacts
BasicDetails/Ethnicity BasicDetails/Languages BasicDetails/MedicalFlag
Address/BS7666Address/UniquePropertyReferenceNumber
"""
"""In many files and not ours to hold: health, care, needs, ethnicity, meals, other people's details."""


@dataclass(slots=True)
class Element:
    """A node of the tree of known elements. `text_as`: its text is kept by this name; `row`: starts a row."""

    name: str
    text_as: str | None = None
    row: str | None = None
    is_kept: bool = True
    children: dict[str, "Element"] = field(default_factory=dict)

    def add(self, path: str) -> "Element":
        here = self
        for step in path.split("/"):
            here = here.children.setdefault(step, Element(f"{here.name}/{step}"))
        return here


def _header() -> Element:
    header = Element("Header")
    for path in _HEADER.split():
        header.add(path).text_as = path
    return header


def _pupil() -> Element:
    pupil = Element("Pupil")
    for path in _PUPIL.split():
        pupil.add(path).text_as = path.rsplit("/", 1)[-1]
    for line in _BS7666_LINES:
        pupil.add(f"Address/BS7666Address/{line}").text_as = line
    for line in _ADDRESS_LINES:
        pupil.add(f"Address/{line}").text_as = line
        pupil.add(f"Address/AddressLines/{line}").text_as = line
    for path, columns in _ROWS.items():
        pupil.add(path).row = path
        for column in columns.split():
            pupil.add(f"{path}/{column}").text_as = column
    for path in NOT_KEPT.split():
        pupil.add(path).is_kept = False
    return pupil


HEADER = _header()
PUPIL = _pupil()
ATTENDANCE_ROW = "Attendance/YearData"
SCHOOL_ROW = "SchoolHistory/School"

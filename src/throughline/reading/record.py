"""What every record answers: who made it, when, about whom, how sensitive, by which sentences it is seen."""

from throughline.access.standing import people
from throughline.reading import person
from throughline.reading.agency import agency, practitioner, service
from throughline.reading.because import sentences
from throughline.reading.shape import column, instant
from throughline.reading.statement import Emitted, Emitter, Scope
from throughline.reading.tree import Field
from throughline.reading.viewer_can import with_record
from throughline.terms.record_kind import RecordKind


def record_fields(kind: RecordKind, about: Emitter) -> dict[str, Emitter]:
    """The fields of the interface Record, for one kind."""
    return {
        "id": column("id"),
        "version": column("version"),
        "sensitivity": column("sensitivity"),
        "made_by": agency("agency_id"),
        "made_by_service": service("service_id"),
        "made_by_practitioner": practitioner("practitioner_id"),
        "made_at": instant("made_at"),
        "withdrawn_at": instant("withdrawn_at"),
        "withdrawn_reason": column("withdrawn_reason"),
        "about": about,
        "seen_because": sentences(kind),
        "viewer_can": with_record(kind),
    }


def about_its_person(scope: Scope, wanted: Field) -> Emitted:
    """The one person whom the record is about: its standing is at hand already."""
    return person.person_list(scope, wanted, f"select m.*, 1::int2 because from {scope.who}")


def about_people(which: str) -> Emitter:
    """The people picked by `which`, a condition on identity records `i` over `{r}` and `{b}`, all of them open."""

    def emit(scope: Scope, wanted: Field) -> Emitted:
        chosen = people(which.format(r=scope.r, b=scope.b))
        return person.person_list(scope, wanted, f"select n.*, 1::int2 because from ({chosen}) n")

    return emit

"""Whatever the schema promises, the read path can write; and it writes nothing that the schema does not
name."""

from collections.abc import Iterator

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType, get_named_type, is_composite_type

from throughline.api.schema import make_schema
from throughline.api.selection import snake
from throughline.reading import (
    access_explanation,
    catalogue,
    caution,
    earlier_version,
    family,
    may_do,
    membership,
    own_trail,
    person,
    plan,
    rights_request,
    sharing_decision,
    support_report,
    viewer_can,
)
from throughline.reading.agency import AGENCY, PRACTITIONER, SERVICE
from throughline.reading.colleague import COLLEAGUE
from throughline.reading.plan import compile_plan
from throughline.reading.published_count import PUBLISHED_COUNT
from throughline.reading.tree import Field
from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

SCHEMA = make_schema()._schema
PAGED = {"edges", "page_info", "total_count"}

EMITTED: dict[str, set[str]] = {
    **{kind.type_name: set(kind.fields) for kind in catalogue.EVERY_KIND},
    "Person": set(person.FIELDS),
    "Family": {*family.FIELDS, "members", "households"},
    "Household": set(membership.HOUSEHOLD),
    "SharingReview": set(sharing_decision.REVIEW),
    "Caution": set(caution.FIELDS),
    "SupportReportPart": set(support_report.PART_FIELDS),
    "SupportKind": set(support_report.SUPPORT_KIND),
    "SupportReportVersion": set(earlier_version.FIELDS),
    "SupportReportPartVersion": set(earlier_version.PART_FIELDS),
    "Disclosure": set(rights_request.DISCLOSURE),
    "AuditEntry": set(own_trail.ENTRY),
    "RecordsSeen": set(own_trail.SIGHT),
    "UnusualAccess": set(own_trail.UNUSUAL),
    "LeftOut": set(rights_request.LEFT_OUT),
    "Agency": set(AGENCY),
    "Colleague": set(COLLEAGUE),
    "PublishedCount": set(PUBLISHED_COUNT),
    "Service": set(SERVICE),
    "Practitioner": set(PRACTITIONER),
    "Tool": {"id", "name"},
    "Viewer": set(plan.VIEWER),
    "MayDo": may_do.FIELDS,
    "Ability": may_do.ABILITY_FIELDS,
    "PolicySentence": {"number", "text", "basis"},
    "RecordPermissions": viewer_can.RECORD_FIELDS,
    "PersonPermissions": viewer_can.PERSON_FIELDS,
    "Permission": viewer_can.PERMISSION_FIELDS,
    "AccessExplanation": access_explanation.FIELDS,
    "VerbExplanation": access_explanation.VERB_FIELDS,
    "SentenceExplanation": access_explanation.SENTENCE_FIELDS,
    "ConditionExplanation": access_explanation.CONDITION_FIELDS,
    "PolicyWall": access_explanation.WALL_FIELDS,
    "PictureSection": {"kind", "state", "covered_from", "covered_to"},
    "PageInfo": {"has_next_page", "has_previous_page", "start_cursor", "end_cursor"},
}


def read_types() -> Iterator[GraphQLObjectType]:
    """The object types beneath the roots that the read path answers."""
    assert SCHEMA.query_type is not None
    waiting = [get_named_type(field.type) for field in SCHEMA.query_type.fields.values()]
    known = set()
    while waiting:
        found = waiting.pop()
        if found.name in known or not is_composite_type(found):
            continue
        known.add(found.name)
        if isinstance(found, GraphQLObjectType):
            yield found
        elif isinstance(found, GraphQLInterfaceType):
            waiting += SCHEMA.get_possible_types(found)
        waiting += [get_named_type(field.type) for field in getattr(found, "fields", {}).values()]


def emitted(type_name: str) -> set[str]:
    if type_name.endswith("Connection"):
        return PAGED
    return {"cursor", "node"} if type_name.endswith("Edge") else EMITTED[type_name]


@pytest.mark.parametrize("found", list(read_types()), ids=lambda found: str(found.name))
def test_every_field_has_an_emitter_and_every_emitter_a_field(found: GraphQLObjectType) -> None:
    assert {snake(name) for name in found.fields} == emitted(found.name)


def test_every_emitter_stands_beneath_a_root() -> None:
    assert EMITTED.keys() <= {found.name for found in read_types()}


def test_both_kinds_of_support_report_have_the_same_fields() -> None:
    assert support_report.KIND.fields.keys() == support_report.LIGHT_TOUCH.fields.keys()


def test_every_root_of_reading_is_a_root_of_the_schema() -> None:
    assert SCHEMA.query_type is not None
    assert {snake(name) for name in SCHEMA.query_type.fields} == plan.ROOTS.keys()


def whole(name: str, key: str, depth: int) -> Field:
    """A field with everything beneath it, down to a depth."""
    return Field(key, name, {}, {found.name: everything(found, depth) for found in below(name)})


def below(root: str) -> list[GraphQLObjectType]:
    assert SCHEMA.query_type is not None
    named = next(get_named_type(f.type) for n, f in SCHEMA.query_type.fields.items() if snake(n) == root)
    return possible(named)


def possible(named: object) -> list[GraphQLObjectType]:
    if isinstance(named, GraphQLInterfaceType):
        return list(SCHEMA.get_possible_types(named))
    return [named] if isinstance(named, GraphQLObjectType) else []


def everything(found: GraphQLObjectType, depth: int) -> tuple[Field, ...]:
    fields = [Field("t", "__typename")]
    for name, field in found.fields.items():
        named = get_named_type(field.type)
        if not is_composite_type(named):
            fields.append(Field(name, snake(name)))
        elif depth:
            children = {one.name: everything(one, depth - 1) for one in possible(named)}
            fields.append(Field(name, snake(name), {}, children))
    return tuple(fields)


@pytest.mark.parametrize("root", ["viewer", "node", "person", "family"])
@pytest.mark.parametrize("role", [Role.SAFEGUARDING_LEAD, Role.ANALYST])
def test_everything_that_can_be_selected_compiles(root: str, role: Role) -> None:
    wanted = whole(root, "root", depth=3)
    wanted.arguments["id"] = lambda _: None  # type: ignore[index]  # a dict, made just now
    assert compile_plan(wanted, role, Purpose.SUPPORT, is_tool=False).sql

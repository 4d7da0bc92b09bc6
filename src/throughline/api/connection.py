"""Pages of long lists, as Relay connections: newest or best first, with signed cursors."""

from typing import Annotated, Any, Generic, TypeVar

import strawberry

from throughline.api.described import said

Of = TypeVar("Of")

FIRST = Annotated[
    int | None,
    strawberry.argument(description="How many to give, from 1 to 100. Without it: 20."),
]
AFTER = Annotated[
    str | None,
    strawberry.argument(
        description="Continue after this `cursor` (or `pageInfo.endCursor`) of an earlier page of the same "
        "field of the same person or family, asked with the same other arguments by the same viewer. Any other text is refused as BAD_USER_INPUT."
    ),
]


@strawberry.type(description="Where this page stands in the whole list.")
class PageInfo:
    has_next_page: bool = said("Whether more follows after this page.")
    has_previous_page: bool = said("Whether this page was asked for with `after`, so that something stands before it.")
    start_cursor: str | None = said("The cursor of the first item of this page; null on an empty page.")
    end_cursor: str | None = said("The cursor of the last item of this page: give it as `after` to go on. Null on an empty page.")


@strawberry.type(description="One item of a page, and its place in the list.")
class Edge(Generic[Of]):
    cursor: str = said("Marks this place in the list. Opaque, signed, and of use to this viewer on this field only.")
    node: Of = said("The item itself.")


@strawberry.type(description="A page of a list that can grow long. It holds only what you may see, and counts only that.")
class Connection(Generic[Of]):
    edges: list[Edge[Of]] = said("The items of this page, in order.")
    page_info: PageInfo = said("Where this page stands in the whole list.")
    total_count: int = said(
        "How many items you may see in the whole list, on all pages together. Counting costs time: ask for it only if you show it."
    )


def paged(of: Any, description: str) -> Any:
    """A connection field with `first` and `after`."""

    def unresolved(first: FIRST = 20, after: AFTER = strawberry.UNSET) -> Any:  # pragma: no cover
        raise NotImplementedError  # the read path answers

    return strawberry.field(resolver=unresolved, description=description, graphql_type=Connection[of])

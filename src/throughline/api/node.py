"""Whatever can be fetched again by its id."""

import strawberry

from throughline.api.described import said


@strawberry.interface(
    description="Anything that can be fetched again with `node(id:)`. An id that does not exist and one that "
    "you may not see "
    "are answered alike, with null."
)
class Node:
    id: strawberry.ID = said("Identifies this, and nothing else, for good: a UUID. Opaque: do not take it apart or make one up.")

"""What a resolver is given: who asks, what was sent, and the one way to an answer."""

from dataclasses import dataclass
from typing import Any

import strawberry

from throughline.access.acting import Acting
from throughline.access.viewer import Viewer
from throughline.api.budget import Budget
from throughline.api.raw import Raw
from throughline.api.selection import Selected, Selections
from throughline.api.server import RequestInfo
from throughline.reading.reader import Reader
from throughline.reading.tree import Variables


@dataclass(frozen=True, slots=True)
class Desk:
    """What all requests share."""

    reader: Reader
    acting: Acting
    selections: Selections
    searches: Budget
    secret: bytes


@dataclass(frozen=True, slots=True)
class Context:
    desk: Desk
    viewer: Viewer
    request: RequestInfo

    def selected(self, info: "Info") -> Selected:
        """The field that is being resolved, as it was asked for."""
        return self.desk.selections.here(info._raw_info, self.request.document_hash)

    async def read(self, selected: Selected, variables: Variables | None = None) -> Any:
        """The answer to a selection, for graphql-core to pass through; typed as whatever the field is."""
        answer = Raw(
            await self.desk.reader.answer(
                selected.wanted,
                self.viewer,
                selected.variables if variables is None else variables,
                operation=self.request.operation_hash,
                plan_key=selected.key,
            )
        )
        if answer.is_null:
            self.request.even_time.ask()
        return answer


Info = strawberry.Info[Context, None]

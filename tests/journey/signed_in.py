"""Somebody at work in an agency, and what they do once signed in: an ordinary GraphQL client, and bare HTTP to compare bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any
from uuid import UUID

import httpx
from gql import Client, gql
from gql.transport.httpx import HTTPXTransport

from throughline.terms.purpose import Purpose
from throughline.terms.role import Role

_KEYS = count(1)


@dataclass(frozen=True)
class Worker:
    """A practitioner in their role, with the client by which they sign in."""

    id: UUID
    name: str
    agency_id: UUID
    role: Role
    email: str
    client_id: str
    secret: str = field(repr=False)


class RefusedError(AssertionError):
    """The act was refused: `codes` and `fields`, as the portal said."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(str(errors))
        self.errors = errors
        self.codes = [error["code"] for error in errors]
        self.fields = [".".join(error["field"]) for error in errors]


@dataclass
class SignedIn:
    """`who` for one purpose, on a portal at `url`."""

    url: str
    who: Worker
    purpose: Purpose

    @cached_property
    def token(self) -> str:
        """From the token endpoint, as any client gets it."""
        answer = httpx.post(
            f"{self.url}/oauth/token", auth=(self.who.client_id, self.who.secret),
            data={"grant_type": "client_credentials", "scope": f"role:{self.who.role} purpose:{self.purpose}"},
        )  # fmt: skip
        assert answer.status_code == 200, answer.text
        token: str = answer.json()["access_token"]
        return token

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}

    @cached_property
    def _client(self) -> Client:
        return Client(transport=HTTPXTransport(f"{self.url}/graphql", headers=self.headers))

    @cached_property
    def _bare(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers=self.headers, timeout=30)

    def close(self) -> None:
        self._bare.close()

    def asks(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of an answer without errors."""
        request = gql(query)
        request.variable_values = variables
        answer = self._client.execute(request)
        assert isinstance(answer, dict)
        return answer

    def hears(self, query: str, **variables: Any) -> httpx.Response:
        """The answer as it comes over the wire."""
        return self._bare.post("/graphql", json={"query": query, "variables": variables})

    def does(self, mutation: str, shows: str = "", *, key: str | None = None, **given: Any) -> Any:
        """One act under a key of its own (or `key`). Answers what the payload shows. Raises RefusedError."""
        payload = self.asks(act(mutation, shows), input={"idempotencyKey": key or f"journey {next(_KEYS)}", **given})[mutation]
        if payload["userErrors"]:
            raise RefusedError(payload["userErrors"])
        return next((value for name, value in payload.items() if name != "userErrors"), None)


def act(mutation: str, shows: str = "") -> str:
    """The document of a mutation that shows this of its payload, and why it was refused."""
    kind = mutation[0].upper() + mutation[1:]
    return f"mutation Act($input: {kind}Input!) {{ {mutation}(input: $input) {{ {shows} userErrors {{ code message field }} }} }}"


def identity(own_id: str, given: str, family: str, born: str, **numbers: str) -> Mapping[str, Any]:
    """As an agency's own system names somebody."""
    said = {"ownId": own_id, "givenName": given, "familyName": family, "dateOfBirth": born}
    return {"identity": {**said, **numbers}}

"""What is refused before anybody is asked: the codes in `extensions.code`."""

import json
from typing import Any

from tests.contract.stories.cast import LEAD, STEWARD
from tests.contract.teller import Story, Teller

GRAPHQL = {"headers": {"accept": "application/graphql-response+json"}}


def query(text: str, **more: Any) -> dict[str, Any]:
    return {"body": json.dumps({"query": text, **more})}


async def refused(tell: Teller) -> None:
    viewer = "{ viewer { role } }"
    await tell.send(None, "Without a token.", query(viewer))
    await tell.send(None, "A token that is none: get a new one.", {**query(viewer), "headers": {"authorization": "Bearer x"}})
    await tell.send(LEAD, "Not JSON.", {"body": "{"})
    await tell.send(LEAD, "JSON, but neither 'query' nor a hash.", {"body": "{}"})
    await tell.send(LEAD, "Not sent as JSON.", {**query(viewer), "headers": {"content-type": "text/plain"}})
    await tell.send(LEAD, "Not GraphQL.", query("{ viewer"))
    await tell.send(LEAD, "A field that the schema does not have.", query("{ viewer { shoeSize } }"))
    await tell.send(LEAD, "The same, asked for as GraphQL over HTTP proper: 400.", query("{ viewer { shoeSize } }") | GRAPHQL)
    many = "query ($first: Int) { families(first: $first) { totalCount } }"
    await tell.send(LEAD, "A variable of the wrong type.", query(many, variables={"first": "many"}))
    await tell.send(LEAD, "Two operations, and no word which.", query("query A { viewer { role } } query B { viewer { role } }"))
    unknown = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}}
    await tell.send(LEAD, "A hash of a text that the server does not know: send the text.", {"body": json.dumps(unknown)})
    deep = "{ families(first: 100) { edges { node { supportReports(first: 100) { edges { node { id } } } } } } }"
    await tell.send(LEAD, "A hundred reports of each of a hundred families.", query(deep))


async def too_many_searches(tell: Teller) -> None:
    sought = {"input": {"name": "Ellie Hadley", "reason": "SAME_PERSON"}}
    many = {"operation": "PersonSearch", "variables": sought, "times": 31}
    await tell.send(STEWARD, "The last of thirty-one searches in a row: wait for `retryAfter` seconds.", many)


STORIES: dict[str, Story] = {"refused at the door": refused, "too many searches": too_many_searches}

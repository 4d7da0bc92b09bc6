"""Documents, parsed and validated once: those that a front-end registered, and a bounded number of others."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    parse,
    validate,
)

from throughline.api.errors import (
    Code,
    OperationResolutionFailure,
    PersistedQueryNotFound,
    QueryTooComplex,
    Refusal,
    clean,
)
from throughline.api.limits import Limits, check_variables, measure


class TrustedDocumentsError(Exception):
    """A manifest of trusted documents that must not be served; raised at start."""


@dataclass(slots=True)
class PreparedDocument:
    """A document that fits one schema, or (`errors` is not empty) the reasons why not, ready to be told."""

    hash: str
    document: DocumentNode | None = None
    page_variables: frozenset[str] = frozenset()
    errors: tuple[dict[str, Any], ...] = ()
    page_sizes_seen: set[tuple[object, ...]] = field(default_factory=set)

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation to run; two without a name to choose by are refused, never guessed."""
        nodes = self.document.definitions if self.document else ()
        operations = [node for node in nodes if isinstance(node, OperationDefinitionNode)]
        if name is not None:
            operations = [node for node in operations if node.name and node.name.value == name]
            if not operations:
                raise OperationResolutionFailure("The document has no operation of the given 'operationName'.")
        if len(operations) != 1:
            raise OperationResolutionFailure("The document has several operations: give 'operationName'.")
        return operations[0]


def text_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def parse_limited(text: str, limits: Limits) -> DocumentNode:
    """Parse, or raise QueryTooComplex or GraphQLSyntaxError."""
    if len(text) > limits.max_text_chars:
        raise QueryTooComplex(f"The document may have at most {limits.max_text_chars} characters.")
    try:
        return parse(text, max_tokens=limits.max_tokens)
    except GraphQLSyntaxError as error:
        if error.message.endswith("Parsing aborted."):  # too many tokens, or nested too deeply for the parser
            raise QueryTooComplex(f"The document may have at most {limits.max_tokens} tokens.") from error
        raise
    except RecursionError as error:
        raise QueryTooComplex("The document is nested too deeply.") from error


def prepare(schema: GraphQLSchema, document: DocumentNode, hash_: str, limits: Limits) -> PreparedDocument:
    """Measure first, because validating is quadratic in places; then the ordinary rules."""
    try:
        page_variables = measure(schema, document, limits)
        errors = validate(schema, document, max_errors=limits.max_validation_errors, hide_suggestions=True)
    except RecursionError as error:
        raise QueryTooComplex("The document is nested too deeply.") from error
    if errors and errors[-1].message == "Validation aborted.":  # graphql-core's own guard against deep comparing
        raise QueryTooComplex("The document compares too many fields with each other.")
    if errors:
        return PreparedDocument(hash_, errors=tuple(_told(error, Code.GRAPHQL_VALIDATION_FAILED) for error in errors))
    return PreparedDocument(hash_, document, page_variables)


def _told(error: GraphQLError, code: Code) -> dict[str, Any]:
    places = [location.formatted for location in error.locations or ()]
    where = {"locations": places} if places else {}
    return {"message": clean(error.message), **where, "extensions": {"code": code.value}}


def _told_refusal(refusal: Refusal) -> dict[str, Any]:
    return {"message": str(refusal), "extensions": {"code": refusal.code.value, **refusal.extensions}}


class TrustedDocuments(Mapping[str, DocumentNode]):
    """Registered documents by the sha256 of their text, parsed once and shared by the views of all roles."""

    def __init__(self, texts: Mapping[str, str], schema: GraphQLSchema, limits: Limits | None = None) -> None:
        """`schema` is the whole schema; a role whose contract lacks something hears so when it asks."""
        limits = limits or Limits()
        self._documents: dict[str, DocumentNode] = {}
        for name, text in texts.items():
            hash_ = name.removeprefix("sha256:").lower()
            if text_hash(text) != hash_:
                raise TrustedDocumentsError(f"The trusted document {name[:80]} does not hash to its text.")
            self._documents[hash_] = _checked(hash_, text, schema, limits)

    @classmethod
    def load(cls, paths: Iterable[Path], schema: GraphQLSchema, limits: Limits | None = None) -> "TrustedDocuments":
        """Read manifests of the form {sha256: text}."""
        texts: dict[str, str] = {}
        for path in paths:
            try:
                manifest = orjson.loads(path.read_bytes())
            except ValueError as error:
                raise TrustedDocumentsError(f"{path.name} is not JSON.") from error
            if not isinstance(manifest, dict) or not all(isinstance(text, str) for text in manifest.values()):
                raise TrustedDocumentsError(f"{path.name} must map hashes to texts.")
            texts.update(manifest)
        return cls(texts, schema, limits)

    def __getitem__(self, hash_: str) -> DocumentNode:
        return self._documents[hash_]

    def __iter__(self) -> Iterator[str]:
        return iter(self._documents)

    def __len__(self) -> int:
        return len(self._documents)


def _checked(hash_: str, text: str, schema: GraphQLSchema, limits: Limits) -> DocumentNode:
    try:
        document = parse_limited(text, limits)
        errors = prepare(schema, document, hash_, limits).errors
    except (GraphQLSyntaxError, Refusal) as error:
        raise TrustedDocumentsError(f"The trusted document {hash_} is refused: {error}") from error
    if errors:
        raise TrustedDocumentsError(f"The trusted document {hash_} does not fit the schema: {errors[0]['message']}")
    return document


class PreparedDocuments:
    """What one schema knows about documents: trusted ones for good, others until newer ones push them out."""

    def __init__(self, schema: GraphQLSchema, limits: Limits, trusted: TrustedDocuments | None = None) -> None:
        self._schema = schema
        self._limits = limits
        self._trusted_documents = trusted
        self._trusted: dict[str, PreparedDocument] = {}
        self._others: OrderedDict[str, tuple[PreparedDocument, int]] = OrderedDict()
        self._cached_chars = 0

    def __len__(self) -> int:
        return len(self._others)

    def is_trusted(self, hash_: str) -> bool:
        return self._trusted_documents is not None and hash_ in self._trusted_documents

    def trusted(self, hash_: str) -> PreparedDocument:
        known = self._trusted.get(hash_)
        if known is None:
            if self._trusted_documents is None or hash_ not in self._trusted_documents:
                raise PersistedQueryNotFound()
            known = prepare(self._schema, self._trusted_documents[hash_], hash_, self._limits)
            self._trusted[hash_] = known
        return known

    def of_text(self, text: str) -> PreparedDocument:
        if len(text) > self._limits.max_text_chars:
            raise QueryTooComplex(f"The document may have at most {self._limits.max_text_chars} characters.")
        hash_ = text_hash(text)
        if self.is_trusted(hash_):
            return self.trusted(hash_)
        cached = self._others.get(hash_)
        if cached is not None:
            self._others.move_to_end(hash_)
            return cached[0]
        prepared = self._prepare_text(text, hash_)
        self._remember(prepared, len(text))
        return prepared

    def check_page_sizes(
        self, prepared: PreparedDocument, operation: OperationDefinitionNode, variables: Mapping[str, Any]
    ) -> None:
        """Weigh the operation again with the page sizes of its variables, once for each combination."""
        if not prepared.page_variables or prepared.document is None:
            return
        sizes = (id(operation), *(variables.get(name) for name in sorted(prepared.page_variables)))
        if not all(size is None or isinstance(size, int) for size in sizes):
            return  # not page sizes at all: graphql-core refuses them by type
        if sizes in prepared.page_sizes_seen:
            return
        check_variables(self._schema, prepared.document, operation, variables, self._limits)
        if len(prepared.page_sizes_seen) < self._limits.cached_page_sizes:
            prepared.page_sizes_seen.add(sizes)

    def _prepare_text(self, text: str, hash_: str) -> PreparedDocument:
        try:
            return prepare(self._schema, parse_limited(text, self._limits), hash_, self._limits)
        except GraphQLSyntaxError as error:
            return PreparedDocument(hash_, errors=(_told(error, Code.GRAPHQL_PARSE_FAILED),))
        except Refusal as refusal:
            return PreparedDocument(hash_, errors=(_told_refusal(refusal),))

    def _remember(self, prepared: PreparedDocument, chars: int) -> None:
        self._others[prepared.hash] = (prepared, chars)
        self._cached_chars += chars
        while self._cached_chars > self._limits.cached_text_chars and self._others:
            _, (_, freed) = self._others.popitem(last=False)
            self._cached_chars -= freed

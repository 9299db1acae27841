"""An example of a JSON schema: what the author gave as example, otherwise something of the right kind."""

from typing import Any

BY_FORMAT = {
    "date-time": "2026-11-12T01:00:00Z",
    "date": "2026-11-12",
    "time": "09:00:00",
    "uuid": "1f0c2f7e-6a0d-4f5e-9d5b-0d2f8f1f7c11",
    "email": "name@example.com",
}
BY_TYPE: dict[str, Any] = {"string": "text", "integer": 1, "number": 1.5, "boolean": True, "null": None}
DEEPEST = 6


def named(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference to the schema it names."""
    while "$ref" in schema:
        schema = schemas[schema["$ref"].rsplit("/", 1)[-1]]
    return schema


def example_of(schema: dict[str, Any], schemas: dict[str, Any], depth: int = 0) -> Any:
    """Return a value that fits the schema."""
    schema = named(schema, schemas)
    if given := schema.get("examples"):
        return next(iter(given)) if isinstance(given, list) else given
    for word in ("const", "default"):
        if schema.get(word) is not None:
            return schema[word]
    if schema.get("enum"):
        return schema["enum"][0]
    choices = [part for word in ("oneOf", "anyOf", "allOf") for part in schema.get(word, [])]
    if choices:
        return example_of(next((part for part in choices if part.get("type") != "null"), choices[0]), schemas, depth)
    return _of_type(schema, schemas, depth)


def _of_type(schema: dict[str, Any], schemas: dict[str, Any], depth: int) -> Any:
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((part for part in kind if part != "null"), "null")
    if kind == "object" or "properties" in schema:
        parts = schema.get("properties", {}) if depth < DEEPEST else {}
        return {name: example_of(part, schemas, depth + 1) for name, part in parts.items()}
    if kind == "array":
        return [example_of(schema.get("items", {}), schemas, depth + 1)] if depth < DEEPEST else []
    if kind == "string":
        return BY_FORMAT.get(schema.get("format", ""), "text")
    if kind == "integer":
        return max(1, int(schema.get("minimum", 1)))
    return BY_TYPE.get(str(kind))

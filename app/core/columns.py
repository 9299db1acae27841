"""How our tables declare keys in Piccolo, so that no default of the library slips in."""

from typing import Any

from piccolo.columns import BigSerial, ForeignKey, OnDelete, Text


def identity() -> BigSerial:
    """Return the primary key of every table: bigint GENERATED ALWAYS AS IDENTITY."""
    return BigSerial(primary_key=True)


def required(to: Any) -> ForeignKey[Any]:
    """Return a foreign key that must be set, is indexed and protects what it points to."""
    return ForeignKey(to, null=False, on_delete=OnDelete.restrict, index=True)


def optional(to: Any) -> ForeignKey[Any]:
    """Return a foreign key that may be NULL."""
    return ForeignKey(to, null=True, default=None, on_delete=OnDelete.restrict, index=True)


def words(**options: Any) -> Text:
    """Return a text column; lengths are no guarantee worth having in PostgreSQL."""
    return Text(default=options.pop("default", ""), **options)

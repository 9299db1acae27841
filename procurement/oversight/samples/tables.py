"""Samples, what was drawn, what was found; all append-only."""

from piccolo.columns import UUID, Array, BigInt, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB

ACCOUNT = "app.accounts.tables.Account"


class AuditSample(Table, tablename="audit_sample", db=DB):
    """A population with its seed."""

    id = identity()
    reference = words(unique=True)
    population = words()
    place_id = required("marketplace.places.tables.Place")
    year = Integer()
    seed = words()
    size = Integer()
    population_count = Integer()
    population_refs = Array(base_column=Text())
    population_sha256 = Bytea()
    drawn_by = required(ACCOUNT)
    drawn_at = Timestamptz()


class AuditSampleItem(Table, tablename="audit_sample_item", db=DB):
    """One drawn thing, with the digest that drew it."""

    id = identity()
    public_id = UUID(unique=True)
    sample_id = required(AuditSample)
    position = Integer()
    reference = words()
    digest = Bytea()


class SampleFinding(Table, tablename="sample_finding", db=DB):
    """What an auditor found in a drawn thing; the latest counts."""

    id = identity()
    item_id = required(AuditSampleItem)
    outcome = words()
    words_zh = words()
    found_by = required(ACCOUNT)
    found_at = Timestamptz()


class SampleBundle(Table, tablename="sample_bundle", db=DB):
    """The packed evidence."""

    id = identity()
    sample_id = required(AuditSample)
    sha256 = Bytea()
    byte_count = BigInt()
    made_at = Timestamptz()

"""Framework agreements and who is admitted to them."""

from piccolo.columns import UUID, BigInt, Date, Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class Framework(Table, tablename="framework", db=DB):
    """An open framework: one kind of service at one uniform rate."""

    id = identity()
    reference = words(unique=True)
    title_zh = words()
    title_en = words()
    category = words()
    unit = words()
    rate_fen = BigInt()
    place_id = required("marketplace.places.tables.Place")
    status = words()
    starts_on = Date()
    ends_on = Date()
    created_by = required("app.accounts.tables.Account")
    created_at = Timestamptz()
    filing_number = words()
    published_at = Timestamptz(null=True, default=None)


class Admission(Table, tablename="admission", db=DB):
    """A product version in a framework, from the application to the end."""

    id = identity()
    public_id = UUID(unique=True)
    framework_id = required(Framework)
    rate_fen = BigInt()
    product_id = required("marketplace.products.tables.Product")
    product_version = Integer()
    organization_id = required("marketplace.organizations.tables.Organization")
    status = words()
    applied_by = required("app.accounts.tables.Account")
    applied_at = Timestamptz()
    decided_by = optional("app.accounts.tables.Account")
    decided_at = Timestamptz(null=True, default=None)
    reason = words()
    published_at = Timestamptz(null=True, default=None)
    ended_by = optional("app.accounts.tables.Account")
    ended_at = Timestamptz(null=True, default=None)
    end_ground = words()


class FrameworkNotice(Table, tablename="framework_notice", db=DB):
    """One published step of a framework."""

    id = identity()
    reference = words(unique=True)
    framework_id = required(Framework)
    kind = words()
    admission_id = optional(Admission)
    published_at = Timestamptz()

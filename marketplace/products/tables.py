"""Service products: the product, its versions, where each is offered, and what was decided on it."""

from piccolo.columns import Array, BigInt, Bytea, Integer, LazyTableReference, Text, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB
from marketplace.organizations.tables import Organization
from marketplace.places.tables import Place

ACCOUNT = LazyTableReference("Account", app_name="app")


class Product(Table, tablename="product", db=DB):
    """A product and the state of its listing; what it says stands in its versions."""

    id = identity()
    reference = words(unique=True)
    organization_id = required(Organization)
    category = words()
    status = words()
    revision = words(default="none")
    latest_version = Integer(default=1)
    listed_version = Integer(null=True, default=None)
    submitted_at = Timestamptz(null=True, default=None)
    listed_at = Timestamptz(null=True, default=None)
    created_by = required(ACCOUNT)
    created_at = Timestamptz()
    template_code = words()
    suspended_for = words()


class ProductDeclaration(Table, tablename="product_declaration", db=DB):
    """Who declared of a version, when it was submitted, that it is off the negative list; append-only."""

    id = identity()
    product_id = required(Product)
    product_version = Integer()
    declared_by = required(ACCOUNT)
    declared_at = Timestamptz()


class ProductVersion(Table, tablename="product_version", db=DB):
    """What a product said at one time; append-only, so that an order can pin it."""

    id = identity()
    product_id = required(Product)
    number = Integer()
    title_zh = words()
    title_en = words()
    summary_zh = words()
    summary_en = words()
    content_zh = words()
    standard_zh = words()
    staffing_zh = words()
    process_zh = words()
    target_group = words()
    unit = words()
    minutes = Integer()
    people = Integer(default=1)
    credentials_any = Array(base_column=Text())
    skills_all = Array(base_column=Text())
    ceiling_fen = BigInt()
    content_sha256 = Bytea()
    author_id = required(ACCOUNT)
    created_at = Timestamptz()


class ProductArea(Table, tablename="product_area", db=DB):
    """A place in which a version is offered, with all below it."""

    id = identity()
    product_id = required(Product)
    product_version = Integer()
    place_id = required(Place)


class ProductDecision(Table, tablename="product_decision", db=DB):
    """A reviewer's verdict on one version, with its reasons; append-only."""

    id = identity()
    product_version_id = required(ProductVersion)
    author_id = required(ACCOUNT)
    reviewer_id = required(ACCOUNT)
    verdict = words()
    reasons = words()
    decided_at = Timestamptz()
    fields = Array(base_column=Text())


class ReviewStart(Table, tablename="review_start", db=DB):
    """Who took which version up for review; append-only."""

    id = identity()
    product_version_id = required(ProductVersion)
    author_id = required(ACCOUNT)
    reviewer_id = required(ACCOUNT)
    begun_at = Timestamptz()

"""What the guards of admission look at: the same for a page that asks beforehand and for the service that decides."""

from datetime import date

from app.core.database import Row
from marketplace.organizations.provision import Category, Matrix
from marketplace.organizations.rules import OrganizationKind
from procurement.frameworks import rules
from procurement.frameworks.rules import Candidate


def framework_of(row: Row) -> rules.Framework:
    """Return what the guards look at in a framework."""
    return rules.Framework(
        rules.FrameworkStatus(row["status"]),
        row["category"],
        row["unit"],
        row["rate_fen"],
        rules.Term(row["starts_on"], row["ends_on"]),
    )


def candidate_of(row: Row, matrix: Matrix, day: date) -> Candidate:
    """Return what the guards look at in a provider's product on a day."""
    return Candidate(
        organization_verified=row["organization_status"] == "verified",
        qualified=_is_qualified(row, matrix, day),
        listed=row["product_status"] == "listed",
        category=row["product_category"],
        unit=row["product_unit"],
        ceiling_fen=row["ceiling_fen"],
        removed_before=row["removed_before"],
    )


def _is_qualified(row: Row, matrix: Matrix, day: date) -> bool:
    """Tell whether the organization's kind may provide the category and its licence is valid (条例 §17)."""
    kind = OrganizationKind(row["organization_kind"])
    provision = matrix.provision_for(Category(row["product_category"]), kind, day)
    return provision is not None and provision.licence.value in row["valid_papers"]


_CANDIDATE = """
    product.organization_id, product.status AS product_status, product.category AS product_category,
    version.unit AS product_unit, version.ceiling_fen, organization.status AS organization_status,
    organization.kind AS organization_kind,
    ARRAY(SELECT DISTINCT q.kind FROM qualification q WHERE q.organization_id = product.organization_id
          AND q.verified_at IS NOT NULL AND q.valid_from <= $3
          AND (q.valid_until IS NULL OR q.valid_until >= $3)) AS valid_papers,
    EXISTS (SELECT 1 FROM admission past WHERE past.framework_id = {framework} AND past.status = 'removed'
            AND past.organization_id = product.organization_id) AS removed_before
"""
PRODUCTS = (
    "SELECT product.id, product.reference, version.title_zh, version.title_en,"
    + _CANDIDATE.format(framework="$2")
    + """FROM product JOIN organization ON organization.id = product.organization_id
         JOIN product_version version ON version.product_id = product.id
              AND version.number = coalesce(product.listed_version, product.latest_version)
         WHERE product.id = ANY($1)"""
)
APPLICATIONS = (
    """SELECT a.id AS admission_id, a.public_id, a.applied_at, product.reference AS product_reference, version.title_zh,
              version.title_en, organization.public_id AS organization_public_id,
              organization.name_zh AS organization_zh, organization.name_en AS organization_en,
              a.status AS admission_status, a.applied_by, place.code AS place_code,
              f.status, f.category, f.unit, f.rate_fen, f.starts_on, f.ends_on,"""
    + _CANDIDATE.format(framework="a.framework_id").replace("$3", "$2")
    + """FROM admission a JOIN framework f ON f.id = a.framework_id JOIN place ON place.id = f.place_id
         JOIN product ON product.id = a.product_id JOIN organization ON organization.id = a.organization_id
         JOIN product_version version ON version.product_id = a.product_id AND version.number = a.product_version"""
)

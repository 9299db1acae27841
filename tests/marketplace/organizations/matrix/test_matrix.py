"""The matrix: who may provide what, under which paper, by which source, since when."""

from datetime import date
from itertools import product

from app.core import clock
from marketplace.organizations.matrix.queries import matrix, provisions
from marketplace.organizations.provision import Category, provision_for
from marketplace.organizations.rules import OrganizationKind
from tests.app.web.client import client


def test_the_matrix_says_for_every_pair_what_the_guard_says() -> None:
    day = clock.today()
    shown = {row.category: dict(zip(OrganizationKind, row.cells, strict=True)) for row in matrix(day)}
    for category, kind in product(Category, OrganizationKind):
        assert shown[category][kind] == provision_for(category, kind, day)


def test_rows_are_dated() -> None:
    aid = [row for row in provisions(date(2021, 12, 31)) if row.category is Category.LEGAL_AID]
    assert aid == []
    assert any(row.category is Category.LEGAL_AID for row in provisions(date(2022, 1, 1)))


async def test_everybody_reads_the_matrix_with_papers_sources_and_days(db: None) -> None:
    async with client() as http:
        page = await http.get("/organizations/matrix")
        before = await http.get("/organizations/matrix?on=2021-01-01")
        rows = (await http.get("/api/v1/provisions")).json()["items"]
    assert "律师事务所执业许可证" in page.text
    assert "《中华人民共和国法律援助法》" in page.text
    assert "《中华人民共和国法律援助法》" not in before.text
    notary = next(row for row in rows if row["category"] == "notarization")
    assert (notary["kind"], notary["effective_from"], notary["verified"]) == ("notary_office", "2006-03-01", False)

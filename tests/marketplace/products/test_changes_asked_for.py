"""A request for changes names the fields; a reviewer reads what a version changes of the public one."""

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import database
from app.core.errors import InvalidInput
from marketplace.products import queries, service
from marketplace.products.difference import Piece, difference
from marketplace.products.review import service as review
from marketplace.products.review.rules import Verdict
from marketplace.products.review.service import ProductDecision
from tests import world
from tests.app.web.client import client


async def test_the_provider_is_led_to_the_fields_that_a_reviewer_named(db: None) -> None:
    product, officer = await world.submitted_product(), await world.reviewer()
    member = product.organization.member
    await review.begin_review(officer, [product.reference])
    form = {
        "version": "1",
        "verdict": "request_changes",
        "reasons": "标准要能验收",
        "fields": ["standard_zh", "minutes"],
    }
    async with client(officer) as http:
        sent = await http.post(f"/review/products/{product.reference}/decide", data=form)
    assert sent.status_code == 303
    full = await queries.product_in_full(member, product.reference)
    assert full.asked_to_change == ("standard_zh", "minutes")
    async with client(member) as http:
        own = await http.get(f"/my/products/{product.reference}")
        edit = await http.get(f"/my/products/{product.reference}/edit")
    assert f"/my/products/{product.reference}/edit#field-standard_zh" in own.text
    assert '<a href="#field-minutes">' in edit.text
    await service.save_product(member, product.reference, 1, world.content())
    await service.submit_products(member, [product.reference])
    assert (await queries.product_in_full(member, product.reference)).asked_to_change == ()


async def test_fields_go_with_a_request_for_changes_alone_and_exist(db: None) -> None:
    product, officer = await world.submitted_product(), await world.reviewer()
    await review.begin_review(officer, [product.reference])
    for verdict, fields in ((Verdict.LIST, ("minutes",)), (Verdict.REQUEST_CHANGES, ("nothing",))):
        with pytest.raises(InvalidInput):
            await review.decide_products(officer, [ProductDecision(product.reference, 1, verdict, "x", fields)])
    with pytest.raises(asyncpg.CheckViolationError, match="product_fields_of_a_request"):
        await database.execute(
            """INSERT INTO product_decision (product_version_id, author_id, reviewer_id, verdict, reasons, decided_at,
                                             fields)
               SELECT id, author_id, $2, 'list', 'x', now(), '{minutes}' FROM product_version WHERE product_id = $1""",
            product.id,
            officer.actor,
        )


async def test_a_reviewer_reads_what_changes_of_the_public_version(db: None) -> None:
    product = await world.listed_product(title_zh="劳动法讲座", standard_zh="每场不少于三十人，满意度九成以上。")
    member = product.organization.member
    await service.save_product(
        member,
        product.reference,
        1,
        world.content(title_zh="劳动法讲座", standard_zh="每场不少于五十人，满意度九成以上。"),
    )
    await service.submit_products(member, [product.reference])
    async with client(await world.reviewer()) as http:
        page = await http.get(f"/review/products/{product.reference}")
    assert "与公开的第 1 版相比" in page.text
    assert "三</del>" in page.text
    assert "五</ins>" in page.text


@given(st.text("劳动法讲座三五十人，。ab ", max_size=40), st.text("劳动法讲座三五十人，。ab ", max_size=40))
def test_both_texts_can_be_read_back_from_the_pieces(before: str, after: str) -> None:
    pieces = difference(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == after
    assert all(piece.text for piece in pieces)


def test_one_character_that_stayed_between_two_changes_is_no_piece_of_its_own() -> None:
    assert difference("三十人到场", "五十名到场") == [
        Piece("gone", "三十人"),
        Piece("new", "五十名"),
        Piece("same", "到场"),
    ]

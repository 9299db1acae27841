"""A provider is asked how much of a product can be had in a month: while it writes, and by the database."""

from dataclasses import replace

import asyncpg
import pytest

from app.core import clock, database, embedded
from marketplace.organizations.provision import Category
from marketplace.products import queries, service
from marketplace.products.review.queries import review_desk
from marketplace.products.rules import NothingChanged
from marketplace.products.service import NewProduct, SubmissionRefused
from marketplace.products.workbench import unstated
from tests import world
from tests.app.web.client import client
from tests.refusals import refused

SUBMIT = "UPDATE product SET status = 'submitted', submitted_at = now() WHERE id = $1"
FORGET = "DELETE FROM product_capacity WHERE product_id = $1"


async def silent_draft() -> world.Product:
    """Return a complete product about whose months nothing is said."""
    provider = await world.organization()
    new = NewProduct(provider.public_id, Category.LEGAL_EDUCATION, world.content())
    saved = await service.create_product(provider.member, new)
    return world.Product(saved.product_id, saved.reference, 1, Category.LEGAL_EDUCATION, provider)


async def listed_before_it_was_asked(database_name: str) -> world.Product:
    """Return a listed product as an older release left it: without a word on its months."""
    product = await world.listed_product()
    owner = await asyncpg.connect(embedded.dsn(embedded.OWNER_ROLE, database_name))
    await owner.execute("SET session_replication_role = replica")
    await owner.execute(FORGET, product.id)
    await owner.close()
    return product


async def test_a_product_without_it_is_not_submitted_and_is_once_it_is_said(db: None) -> None:
    product = await silent_draft()
    member = product.organization.member
    with pytest.raises(SubmissionRefused) as refusal:
        await service.submit_products(member, [product.reference])
    assert set(refusal.value.fields) == {"monthly_units"}
    saved = await service.save_product(member, product.reference, 1, world.content(title_zh="第二版"), 12)
    view = await queries.product_in_full(member, product.reference)
    assert (saved.version, view.monthly_units) == (2, 12)
    await service.submit_products(member, [product.reference])


async def test_it_is_said_anew_without_a_new_version(db: None) -> None:
    product = await silent_draft()
    member = product.organization.member
    written = (await queries.product_in_full(member, product.reference)).latest.content
    for units in (8, 5):
        assert (await service.save_product(member, product.reference, 1, written, units)).version == 1
    with pytest.raises(NothingChanged):
        await service.save_product(member, product.reference, 1, written, 5)
    assert await database.fetch_value("SELECT units FROM product_capacity") == 5
    longer = replace(written, title_zh="换个名字")
    assert (await service.save_product(member, product.reference, 1, longer)).version == 2


async def test_the_form_asks_for_it_keeps_it_and_the_reviewer_reads_it(db: None) -> None:
    product = await silent_draft()
    path = f"/my/products/{product.reference}"
    async with client(product.organization.member) as http:
        assert "没有写每月最多能接多少" in (await http.get(path)).text
        typed = {"version": "1", "title_zh": "院坝会", "monthly_units": "0"}
        wrong = await http.post(f"{path}/edit", data=typed)
        assert (wrong.status_code, 'id="field-monthly_units-error"' in wrong.text) == (422, True)
        assert (await http.post(f"{path}/edit", data=typed | {"monthly_units": "6"})).status_code == 303
        assert 'name="monthly_units"' in (await http.get(f"{path}/edit")).text
        assert (await http.get(f"/api/v1{path}")).json()["monthly_units"] == 6
    submitted = await world.submitted_product()
    officer = await world.reviewer()
    [row] = (await review_desk(officer)).rows
    assert row.monthly_units == world.MONTHLY_UNITS
    async with client(officer) as http:
        assert f"每月可接 {world.MONTHLY_UNITS}" in (await http.get("/review/products")).text
        assert "每月可接数量" in (await http.get(f"/review/products/{submitted.reference}")).text


async def test_what_was_listed_before_it_was_asked_stays_listed_and_its_provider_is_reminded(
    database_name: str, db: None
) -> None:
    product = await listed_before_it_was_asked(database_name)
    member = product.organization.member
    assert await database.fetch_value("SELECT status FROM product WHERE id = $1", product.id) == "listed"
    [row] = await unstated(member)
    assert row.action is not None
    assert row.action.path == f"/my/products/{product.reference}/capacity"
    assert await unstated(await world.reviewer()) == []
    await service.save_product(member, product.reference, 1, world.content(title_zh="新版"))
    with pytest.raises(SubmissionRefused):
        await service.submit_products(member, [product.reference])


async def test_raw_sql_submits_nothing_without_it_and_takes_no_last_word_back(db: None) -> None:
    silent, listed = await silent_draft(), await world.listed_product()
    declared = """INSERT INTO product_declaration (product_id, product_version, declared_by, declared_at)
                  VALUES ($1, 1, $2, $3)"""
    await database.execute(declared, silent.id, silent.organization.member.actor, clock.now())
    await refused("product_capacity_stated", SUBMIT, silent.id)
    await refused("product_capacity_remains", FORGET, listed.id)
    move = "UPDATE product_capacity SET product_id = $2 WHERE product_id = $1"
    await refused("product_capacity_remains", move, listed.id, silent.id)

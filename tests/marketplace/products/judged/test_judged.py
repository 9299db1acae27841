"""The search finds what people mean: a judged set of questions over an invented catalogue, recall@10 >= 0.95."""

import statistics

from marketplace.products.catalogue.filters import CatalogueFilter
from marketplace.products.catalogue.queries import catalogue_page
from tests.marketplace.products.judged.catalogue import Invented, invent, list_all, providers, questions

PRODUCTS, LOOKED_AT, AIM = 700, 10, 0.95
AREAS = ("3301", "3301", "330102", "330106", "330106109", "330109", "330110", "330111", "330112", "330122", "330127")


async def _recalls() -> dict[str, tuple[float, list[str]]]:
    """Return each question's recall among the first ten, with what stood there."""
    products = list(invent(PRODUCTS, AREAS))
    ids = await list_all(products, await providers())
    by_id: dict[int, Invented] = dict(zip(ids, products, strict=True))
    found = {}
    for judged in questions():
        right = sum(one.answers(judged) for one in products)
        page = await catalogue_page(CatalogueFilter(text=judged["q"]), size=LOOKED_AT)
        hits = sum(by_id[row.id].answers(judged) for row in page.rows)
        assert right, f"nothing in the catalogue answers {judged}"
        found[judged["q"]] = (hits / min(LOOKED_AT, right), [row.title_zh for row in page.rows])
    return found


async def test_of_what_people_ask_for_nearly_all_stands_among_the_first_ten(db: None) -> None:
    assert len(questions()) >= 100
    recalls = await _recalls()
    mean = statistics.mean(recall for recall, _ in recalls.values())
    print(f"recall@10 {mean:.3f} over {len(recalls)} questions")
    missed = [f"{asked}: {recall:.1f} {titles[:4]}" for asked, (recall, titles) in recalls.items() if recall < 1]
    assert mean >= AIM, "\n".join(missed)

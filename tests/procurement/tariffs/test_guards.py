"""What the database refuses about tariffs: a second person publishes, and what was published never changes."""

import pytest

from app.core.access import Permission
from app.core.errors import SamePersonRefused
from procurement.tariffs import service
from tests.procurement import attended_work as work
from tests.refusals import refused


async def test_a_tariff_is_published_by_another_and_never_changes_then(db: None) -> None:
    first, second = [await work.officer("officer", Permission.TARIFF_MANAGE) for _ in range(2)]
    tariff = await service.draft_tariff(first, service.seed_documents()[0])
    publish = "UPDATE tariff_set SET status = 'published', published_at = now(), published_by = $1"
    await refused("tariff_published_by_another", publish, first.actor)
    with pytest.raises(SamePersonRefused):
        await service.publish_tariff(first, tariff)
    await service.publish_tariff(second, tariff)
    for change in (
        "UPDATE tariff_set SET effective_from = effective_from - 1",
        "UPDATE tariff_set SET status = 'draft', published_by = NULL, published_at = NULL",
        "DELETE FROM tariff_set",
    ):
        await refused("tariff_set_immutable", change)
    with pytest.raises(service.TariffImmutable, match="请发布新的标准"):
        await service.publish_tariff(second, tariff)

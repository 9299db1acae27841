"""A contract's workload list for programs: its parties read every unit, others find nothing."""

from app.core.access import ANONYMOUS, Role
from tests.app.web.client import call
from tests.procurement import buying
from tests.procurement.buying_pages import season


async def test_the_parties_read_every_unit_with_its_sums(db: None) -> None:
    here = await season()
    for reader in (here.officer, here.provider, here.supervisor):
        body = (await call(reader, "GET", f"/contracts/{here.contract}/workload")).json()
        assert (body["contract"], body["units"], body["accepted"], body["reached"]) == (here.contract, 2, 1, 46)
    units = {unit["reference"]: unit for unit in body["items"]}
    assert (units[here.accepted]["verdict"], units[here.accepted]["reached"]) == ("accepted", 46)
    assert (units[here.delivered]["verdict"], units[here.delivered]["reached"]) == (None, None)
    assert body["missing"] >= len(units[here.delivered]["missing"])


async def test_others_find_no_workload_list(db: None) -> None:
    here = await season()
    path = f"/contracts/{here.contract}/workload"
    other = await buying.people(await buying.organization(buying.OTHER_DISTRICT))
    far = await buying.person_as(Role.PROCUREMENT_OFFICER, buying.OTHER_DISTRICT)
    for stranger in (other.provider, far):
        assert (await call(stranger, "GET", path)).status_code == 404
    assert (await call(here.officer, "GET", "/contracts/HT-2026-999999/workload")).status_code == 404
    assert (await call(await buying.person_as(Role.VOLUNTEER), "GET", path)).status_code == 403
    assert (await call(ANONYMOUS, "GET", path)).status_code == 401

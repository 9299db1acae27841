"""The operator's page and the published heads in a real browser."""

import pytest
from playwright.sync_api import Page

from app.core import audit_chain, clock, database
from app.core.access import Role
from app.operations import service
from app.operations.jobs import JOBS
from tests import world
from tests.app.core.audit_world import seal_all
from tests.browser.conftest import Site, look_at

pytestmark = pytest.mark.browser


async def _busy_house() -> int:
    """Have an operator, a living worker, a failed run, a waiting task, a published head."""
    operator = await world.account(Role.OPERATOR)
    await service.ask_for(operator, JOBS[0])
    await database.fetch("SELECT procrastinate_register_worker_v1()")
    await database.execute(
        """INSERT INTO job_run (job, slot, status, worker, started_at, finished_at, error)
           VALUES ('seal_audit', $1, 'failed', 'host-of-a-rather-long-name:12345', $1, $1,
                   'UniqueViolationError 23505 audit_seal audit_seal_pkey at app/core/audit_chain.py:117')""",
        clock.now(),
    )
    await seal_all()
    await audit_chain.publish_head()
    return operator.actor


def test_the_operators_page_and_the_heads(site: Site, browser_page: Page) -> None:
    site.sign_in(browser_page, site.run(_busy_house))
    look_at(browser_page, "/operations")
    look_at(browser_page, "/audit/heads")

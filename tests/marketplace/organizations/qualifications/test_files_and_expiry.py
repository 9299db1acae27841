"""A paper's file, who reads it, and how its organization is told in time that it ends."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.attachments.queries import download
from app.core import clock, database
from app.core.access import ANONYMOUS, Principal, Role
from app.core.errors import NotFound, NotPermitted
from marketplace.organizations import queries
from marketplace.organizations.provision import EVIDENCE, QualificationKind
from marketplace.organizations.qualifications import files, service
from marketplace.organizations.qualifications.expiry.rules import due
from marketplace.organizations.qualifications.expiry.service import remind_organizations
from marketplace.organizations.qualifications.expiry.waiting import papers_to_renew
from marketplace.organizations.qualifications.files import Upload
from marketplace.organizations.qualifications.rules import (
    MOST_FILES,
    EnoughPaperFiles,
    NotAPaperFile,
    QualificationDecided,
)
from marketplace.organizations.qualifications.service import PaperDecision
from tests import world
from tests.app.web.client import client
from tests.refusals import refused

SCAN = Upload("许可证.pdf", b"%PDF-1.7 a licence")
KIND = QualificationKind.REGISTRATION


@pytest.fixture(autouse=True)
def _owners() -> None:
    files.register_paper_files()


async def _stated(provider: world.Organization, upload: Upload | None = SCAN) -> int:
    return await service.state_qualification(provider.member, provider.public_id, world.statement(KIND), upload)


async def _file_ids(provider: world.Organization, paper: int) -> list[UUID]:
    view = await queries.organization_in_full(provider.member, provider.public_id)
    return [file.public_id for one in view.qualifications if one.id == paper for file in one.files]


async def test_members_and_verifying_officers_read_a_file_and_nobody_else(db: None) -> None:
    provider = await world.organization()
    [file] = await _file_ids(provider, await _stated(provider))
    for reader in (provider.member, await world.reviewer(), await world.reviewer(world.DISTRICT)):
        assert (await download(reader, file)).content == SCAN.content
    others = (
        ANONYMOUS,
        await world.account(),
        (await world.organization()).member,
        await world.reviewer("330110"),
        await world.account(Role.COORDINATOR),
    )
    for person in others:
        with pytest.raises(NotFound):
            await download(person, file)


async def test_a_file_is_kept_sealed_and_stays_off_the_public_page(db: None) -> None:
    from app.attachments.store import store

    provider = await world.organization()
    paper = await _stated(provider)
    digest = await database.fetch_value("SELECT sha256 FROM attachment WHERE owner_type = 'qualification'")
    assert SCAN.content not in await store().get(digest)
    await service.decide_qualifications(await world.reviewer(), [PaperDecision(paper, genuine=True)])
    shown = await queries.public_profile(provider.public_id)
    assert all(one.files == () for one in shown.qualifications)


async def test_only_scans_are_taken_a_few_of_them_and_none_after_the_verdict(db: None) -> None:
    provider = await world.organization()
    with pytest.raises(NotAPaperFile):
        await _stated(provider, Upload("许可证.txt", b"not a scan"))
    paper = await _stated(provider)
    for _ in range(MOST_FILES - 1):
        await files.add_file(provider.member, provider.public_id, paper, SCAN)
    with pytest.raises(EnoughPaperFiles):
        await files.add_file(provider.member, provider.public_id, paper, SCAN)
    await service.decide_qualifications(await world.reviewer(), [PaperDecision(paper, genuine=True)])
    with pytest.raises(QualificationDecided):
        await files.add_file(provider.member, provider.public_id, paper, SCAN)


async def test_nobody_adds_files_to_the_papers_of_another_organization(db: None) -> None:
    provider, other = await world.organization(), await world.organization()
    paper = await _stated(provider)
    with pytest.raises(NotPermitted):
        await files.add_file(other.member, provider.public_id, paper, SCAN)
    with pytest.raises(NotFound):
        await files.add_file(other.member, other.public_id, paper, SCAN)


async def test_a_paper_is_stated_with_its_file_and_the_officer_reads_both_side_by_side(db: None) -> None:
    provider = await world.organization()
    address = f"/my/organizations/{provider.public_id}"
    typed = {"kind": KIND.value, "number": "证2026", "issuer_zh": "杭州市民政局", "valid_from": "2026-11-01"}
    scan = {"file": ("证书.pdf", SCAN.content, "application/pdf")}
    async with client(provider.member) as http:
        sent = await http.post(f"{address}/papers", data=typed, files=scan)
        bare = await http.post(f"{address}/papers", data=typed | {"number": "证2027"})
        page = await http.get(address)
        paper = await database.fetch_value("SELECT id FROM qualification WHERE number = '证2027'")
        nothing = await http.post(f"{address}/papers/{paper}/file", data={})
        later = await http.post(f"{address}/papers/{paper}/file", files=scan)
        unknown = await http.get(f"{address}/papers/999999/file")
    assert (sent.status_code, bare.status_code) == (303, 303)
    assert (nothing.status_code, later.status_code, unknown.status_code) == (422, 303, 404)
    assert "证书.pdf" in page.text
    async with client(await world.reviewer()) as http:
        examined = await http.get(f"/review/organizations/{provider.public_id}")
    assert examined.text.count("证书.pdf") == 2


@pytest.mark.parametrize(("left", "reminder"), [(61, None), (60, 60), (31, 60), (30, 30), (7, 7), (0, 7), (-1, None)])
def test_the_nearest_reminder_is_due(left: int, reminder: int | None) -> None:
    assert due(left) == reminder


async def _told(person: Principal) -> int:
    count: int = await database.fetch_value(
        "SELECT count(*) FROM notification WHERE account_id = $1 AND link LIKE '%?renew=%' AND channel = 'in_app'",
        person.actor,
    )
    return count


async def test_members_are_reminded_60_30_and_7_days_before_once_each(db: None) -> None:
    provider = await world.organization(valid_until=clock.today() + timedelta(days=60))
    papers = 1 + len(EVIDENCE)
    for days, reminded in ((0, papers), (0, 0), (1, 0), (30, papers), (40, 0), (53, papers), (60, 0)):
        assert await remind_organizations(clock.now() + timedelta(days=days)) == reminded
    assert await _told(provider.member) == 3 * papers
    assert await remind_organizations(clock.now() + timedelta(days=61)) == 0


async def test_the_database_knows_each_reminder_once(db: None) -> None:
    await world.organization(valid_until=clock.today() + timedelta(days=20))
    assert await remind_organizations(clock.now())
    await refused(
        "qualification_reminder_once",
        """INSERT INTO qualification_reminder (qualification_id, days_before, sent_at)
           SELECT qualification_id, days_before, now() FROM qualification_reminder""",
    )


async def test_two_runs_at_once_send_each_reminder_once(db: None) -> None:
    provider = await world.organization(valid_until=clock.today() + timedelta(days=20))
    now = clock.now()
    assert sorted(await asyncio.gather(*(remind_organizations(now) for _ in range(4))))[:3] == [0, 0, 0]
    assert await _told(provider.member) == 1 + len(EVIDENCE)


async def test_a_stated_renewal_ends_the_reminders_and_the_row_on_the_workbench(db: None) -> None:
    provider = await world.organization(valid_until=clock.today() + timedelta(days=20))
    rows = await papers_to_renew(provider.member)
    assert len(rows) == 3
    for kind in (KIND, *EVIDENCE):
        renewal = world.statement(kind, clock.today() + timedelta(days=400))
        await service.state_qualification(provider.member, provider.public_id, renewal)
    assert await papers_to_renew(provider.member) == []
    assert await remind_organizations(clock.now()) == 0


async def test_the_renewal_form_is_filled_in_with_what_stays_the_same(db: None) -> None:
    ends = clock.today() + timedelta(days=20)
    provider = await world.organization(valid_until=ends)
    row = await database.fetch_one(
        "SELECT id, number FROM qualification WHERE organization_id = $1 AND kind = $2", provider.id, KIND.value
    )
    assert row is not None
    async with client(provider.member) as http:
        page = await http.get(f"/my/organizations/{provider.public_id}?renew={row['id']}")
        bench = await http.get("/workbench")
    assert f'value="{row["number"]}"' in page.text
    assert f'value="{(ends + timedelta(days=1)).isoformat()}"' in page.text
    assert "上传新证" in bench.text


async def test_a_paper_without_an_end_or_refused_organizations_are_left_alone(db: None) -> None:
    await world.organization()
    made, _ = await world.applied_organization(valid_until=clock.today() + timedelta(days=5))
    assert await remind_organizations(clock.now()) == 0
    members: list[Any] = await papers_to_renew(made.member)
    assert members == []

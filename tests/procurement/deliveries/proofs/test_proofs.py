"""Who brings which proof when, what is said about a bad file, and that nothing is accepted without its proofs."""

import asyncio
import itertools
from datetime import timedelta

import pytest

from app.attachments import queries as attachments
from app.attachments.store import store
from app.core import clock, database
from app.core.access import Principal, Role
from app.core.errors import InvalidInput, NotFound
from procurement.blocks import Blocked
from procurement.deliveries.acceptances.service import AcceptorInvolved, Verdict, accept_deliveries
from procurement.deliveries.proofs import queries, rules, service
from procurement.deliveries.proofs.rules import LogEntry, Moment, Need, ProofKind, proof_blocks
from procurement.deliveries.proofs.service import Upload
from procurement.deliveries.rules import OrderStatus
from tests.conftest import rounds
from tests.procurement import buying
from tests.procurement.deliveries.served import GOOD, LOG, RAW_JUDGED, after, moment, photo, served
from tests.procurement.deliveries.test_deliveries import taken
from tests.procurement.deliveries.test_orders import ground
from tests.refusals import refused

PHOTO, SHEET = ProofKind.PHOTO, ProofKind.SIGN_IN_SHEET
RAW_PROOF = """
INSERT INTO proof (village_order_id, kind, sha256, taken_at, taken_where, handed_in_by, handed_in_at)
SELECT id, 'photo', sha256('raw'), wished_start, 'x', $2, wished_start FROM village_order WHERE id = $1"""
RAW_LOG = """
INSERT INTO service_log (village_order_id, topic_zh, people, asked_zh, written_by, written_at)
SELECT id, 'x', 40, 'x', $2, wished_start FROM village_order WHERE id = $1"""


async def test_a_lecture_is_accepted_once_sheet_photo_and_log_are_there(db: None) -> None:
    here = await served()
    [order], [reference] = here.orders, here.references
    for bring, missing in ((None, "还缺群众签到表"), (SHEET, "还缺现场照片"), (PHOTO, "还缺服务记录")):
        with after():
            if bring:
                await service.hand_in(here.who.provider, reference, bring, moment(), [photo(len(bring))])
            with pytest.raises(Blocked, match=missing) as refusal:
                await accept_deliveries(here.who.acceptor, [Verdict(order, GOOD)])
            assert "财政部令第110号 第36条" in str(refusal.value)
            await refused("acceptance_proven", RAW_JUDGED, order, here.who.acceptor.actor)
    with after():
        await service.write_log(here.station, reference, LOG)
        assert (await queries.proofs(here.who.acceptor, reference)).complete
        assert await accept_deliveries(here.who.acceptor, [Verdict(order, GOOD)]) == {"accepted": 1}


async def test_what_a_unit_needs_is_a_dated_rule_that_a_district_may_set_for_itself(db: None) -> None:
    here = await served()
    [needs] = (await queries.needs_of(here.orders)).values()
    assert needs == [Need(SHEET, 1, 0), Need(PHOTO, 1, 0), Need(ProofKind.LOG, 1, 0)]
    insert = """INSERT INTO law_rule (rule_key, document, article, value, unit, jurisdiction, effective_from, text_read)
                VALUES ('proof.lecture.photo', 'x', 'y', $1, 'files', $2, $3, true)"""
    today = clock.today()
    await database.execute(insert, 3, buying.DISTRICT, today)
    await database.execute(insert, 9, buying.OTHER_DISTRICT, today)
    await database.execute(insert, 5, buying.CITY, today.replace(year=today.year + 1))
    [needs] = (await queries.needs_of(here.orders)).values()
    assert needs[1] == Need(PHOTO, 3, 0)
    with after(), pytest.raises(Blocked, match="还缺群众签到表"):
        await accept_deliveries(here.who.acceptor, [Verdict(here.orders[0], GOOD)])


async def test_good_files_are_kept_though_bad_ones_are_named(db: None) -> None:
    here = await served()
    [reference] = here.references
    bad = [
        Upload("notes.txt", "你好".encode()),
        Upload("empty.jpg", b""),
        Upload("cut.jpg", photo(1).content[:200]),
        Upload("sheet.pdf", b"%PDF-1.7"),
    ]
    with after():
        receipt = await service.hand_in(
            here.who.provider,
            reference,
            PHOTO,
            moment(),
            [photo(1), *bad, photo(2), Upload("again.jpg", photo(2).content)],
        )
        assert receipt.kept == ["IMG_1.jpg", "IMG_2.jpg"]
        assert [(name, str(why)) for name, why in receipt.refused] == [
            ("notes.txt", str(rules.ProofKindRefused().text())),
            ("empty.jpg", "文件是空的，请重新选择。"),
            ("cut.jpg", "图片不完整，请重新拍摄或重新选择。"),
            ("sheet.pdf", "现场照片只收 JPEG、PNG、WebP；签到表也可以是 PDF。"),
            ("again.jpg", "这个文件已经交过了。"),
        ]
        assert (await service.hand_in(here.station, reference, SHEET, moment(), [bad[3]])).kept == ["sheet.pdf"]
        many = [photo(10 + number) for number in range(rules.MOST_FILES)]
        receipt = await service.hand_in(here.who.provider, reference, PHOTO, moment(), many)
        assert (len(receipt.kept), {str(why) for _, why in receipt.refused}) == (17, {"一单最多 20 个文件。"})


async def test_pictures_lie_sealed_and_are_opened_by_the_parties_alone(db: None) -> None:
    here = await served()
    [reference] = here.references
    with after():
        await service.hand_in(here.who.provider, reference, SHEET, moment(), [photo()])
        [file] = (await queries.proofs(here.who.provider, reference)).files
        sha256 = await database.fetch_value("SELECT sha256 FROM attachment WHERE public_id = $1", file.file_id)
        assert b"JFIF" not in await store().get(sha256)
        watching = await buying.person_as(Role.SUPERVISOR)
        clerk = await buying.person_as(Role.VILLAGE_CLERK, here.codes[0])
        for reader in (here.who.provider, here.who.acceptor, here.who.officer, watching, clerk, here.station):
            assert (await attachments.download(reader, file.file_id)).content == photo().content
        strangers = [
            await buying.person_as(Role.VILLAGE_CLERK, "330110001001"),
            await buying.person_as(Role.PROVIDER, None, await buying.organization()),
            await buying.person_as(Role.VOLUNTEER),
        ]
        for stranger in strangers:
            with pytest.raises(NotFound):
                await attachments.download(stranger, file.file_id)
            with pytest.raises(NotFound):
                await queries.proofs(stranger, reference)


async def test_who_stood_before_the_people_brings_proofs_and_nobody_else_does(db: None) -> None:
    here = await served()
    [reference] = here.references
    account = await database.fetch_value(
        """SELECT person.account_id FROM village_order o JOIN sign_up s ON s.assignment_id = o.assignment_id
           JOIN person ON person.id = s.person_id WHERE o.id = $1""",
        here.orders[0],
    )
    lecturer = buying.acting(account, Role.VOLUNTEER)
    others: list[Principal] = [
        await buying.person_as(Role.VOLUNTEER),
        await buying.person_as(Role.STATION_STAFF, buying.OTHER_DISTRICT),
        await buying.person_as(Role.PROVIDER, None, await buying.organization()),
        here.who.acceptor,
        here.who.officer,
    ]
    with after():
        assert (await service.hand_in(lecturer, reference, PHOTO, moment(), [photo()])).kept == ["IMG_0.jpg"]
        for other in others:
            with pytest.raises(NotFound):
                await service.hand_in(other, reference, PHOTO, moment(), [photo(1)])
            with pytest.raises(NotFound):
                await service.write_log(other, reference, LOG)


async def test_whoever_brought_a_proof_or_taught_does_not_accept_not_even_past_the_service(db: None) -> None:
    here = await served()
    [order], [reference] = here.orders, here.references
    with after():
        await service.hand_in(here.station, reference, SHEET, moment(), [photo(1)])
        await service.hand_in(here.station, reference, PHOTO, moment(), [photo(2)])
        await service.write_log(here.who.provider, reference, LOG)
        account = await database.fetch_value(
            """SELECT person.account_id FROM village_order o JOIN sign_up s ON s.assignment_id = o.assignment_id
               JOIN person ON person.id = s.person_id WHERE o.id = $1""",
            order,
        )
        for involved in (here.station.actor, here.who.provider.actor, account):
            with pytest.raises(AcceptorInvolved, match="政府采购法 第61条"):
                await accept_deliveries(buying.acting(involved, Role.ACCEPTOR, buying.CITY), [Verdict(order, GOOD)])
            await refused("acceptance_separate_person", RAW_JUDGED, order, involved)


@pytest.mark.parametrize("status", OrderStatus)
async def test_proofs_are_taken_between_the_service_and_the_acceptance(db: None, status: OrderStatus) -> None:
    """Every state of an order, through the service and past it."""
    here = await served()
    [order], [reference] = here.orders, here.references
    reason = "x" if status in (OrderStatus.DECLINED, OrderStatus.CANCELLED) else ""
    refusal = "other" if status is OrderStatus.DECLINED else ""
    await database.execute(
        "UPDATE village_order SET status = $2, reason = $3, refusal = $4 WHERE id = $1", order, status, reason, refusal
    )
    with after():
        if status in rules.TAKES_PROOFS:
            assert (await service.hand_in(here.who.provider, reference, PHOTO, moment(), [photo()])).kept
            await database.execute(RAW_PROOF, order, here.who.provider.actor)
        else:
            with pytest.raises(rules.ProofsClosed):
                await service.hand_in(here.who.provider, reference, PHOTO, moment(), [photo()])
            await refused("proof_in_time", RAW_PROOF, order, here.who.provider.actor)
            await refused("proof_in_time", RAW_LOG, order, here.who.provider.actor)


@pytest.mark.parametrize("statement", [RAW_PROOF, RAW_LOG])
async def test_raw_sql_proves_nothing_before_the_service(db: None, statement: str) -> None:
    here = await ground(villages=1)
    [order] = await taken(here, here.codes)
    early = statement.replace("wished_start FROM", "wished_start - interval '1 minute' FROM")
    await refused("proof_in_time", early, order, here.who.provider.actor)
    await database.execute(statement, order, here.who.provider.actor)


async def test_raw_sql_counts_the_same_file_once_for_an_order(db: None) -> None:
    here = await served()
    [order] = here.orders
    await database.execute(RAW_PROOF, order, here.who.provider.actor)
    await refused("proof_once", RAW_PROOF, order, here.station.actor)


async def test_nobody_proves_what_has_not_begun(db: None) -> None:
    here = await ground(villages=1)
    [order] = await taken(here, here.codes)
    reference = await database.fetch_value("SELECT reference FROM village_order WHERE id = $1", order)
    with pytest.raises(rules.NotYetServed):
        await service.hand_in(here.who.provider, reference, PHOTO, moment(), [photo()])


async def test_a_proof_says_when_and_where_and_a_log_what_and_how_many(db: None) -> None:
    here = await served()
    [reference] = here.references
    with after():
        for wrong, field in (
            (Moment(clock.now(), " "), "taken_where"),
            (Moment(clock.now() - timedelta(days=1), "村口"), "taken_at"),
            (Moment(clock.now() + timedelta(minutes=1), "村口"), "taken_at"),
        ):
            with pytest.raises(InvalidInput) as refused:
                await service.hand_in(here.who.provider, reference, PHOTO, wrong, [photo()])
            assert set(refused.value.fields) == {field}
        with pytest.raises(rules.NoFiles):
            await service.hand_in(here.who.provider, reference, PHOTO, moment(), [])
        with pytest.raises(InvalidInput) as refused:
            await service.write_log(here.station, reference, LogEntry(" ", 0, ""))
        assert set(refused.value.fields) == {"topic_zh", "people", "asked_zh"}
        await service.write_log(here.station, reference, LogEntry("继承", 30, "村民 13800001234 问遗嘱", ""))
        await service.write_log(here.station, reference, LOG)
        said = await database.fetch("SELECT asked_zh, people FROM service_log ORDER BY id")
        assert [row["asked_zh"] for row in said] == ["村民 *** 问遗嘱", "遗嘱怎么写"]
        log = (await queries.proofs(here.station, reference)).log
        assert log is not None
        assert log.people == 40


async def test_a_late_file_and_the_acceptance_wait_for_each_other(db: None) -> None:
    """Whichever comes first, no proof is added to what was judged."""
    turns = rounds(3, 100)
    here = await served(turns, proofs=True)
    with after():
        for order, reference in zip(here.orders, here.references, strict=True):
            judged, brought = await asyncio.gather(
                accept_deliveries(here.who.acceptor, [Verdict(order, GOOD)]),
                service.hand_in(here.who.provider, reference, PHOTO, moment(), [photo(order)]),
                return_exceptions=True,
            )
            assert judged == {"accepted": 1}
            assert isinstance(brought, rules.ProofsClosed) or brought.kept == [f"IMG_{order}.jpg"]
    late = """SELECT count(*) FROM proof p JOIN acceptance t ON t.village_order_id = p.village_order_id
              WHERE p.id > (SELECT max(q.id) FROM proof q WHERE q.village_order_id = p.village_order_id)"""
    assert await database.fetch_value(late) == 0


def test_each_missing_kind_is_named_with_its_figures() -> None:
    for kind, needed, present in itertools.product(ProofKind, range(3), range(3)):
        blocks = proof_blocks([Need(kind, needed, present)])
        assert [block.value for block in blocks] == ([f"{present}/{needed}"] if present < needed else [])

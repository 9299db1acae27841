"""What would be refused: each guard alone, all of them at once, each with its source and its remedy."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from marketplace.organizations.provision import EVIDENCE, LICENCE_OF, Category, QualificationKind, StaffCredential
from marketplace.organizations.qualifications.rules import Paper
from marketplace.organizations.rules import OrganizationKind
from marketplace.products.content import ProductContent, Unit
from marketplace.products.guards import WRITTEN, Fault, Provider, Submission, submission_faults
from tests import world

TODAY = date(2026, 11, 22)
CEILINGS = {Unit.LECTURE: 200_000}


def _provider(kind: OrganizationKind = OrganizationKind.LAW_FIRM, verified: bool = True) -> Provider:
    papers = tuple(Paper(paper, date(2025, 1, 1), None, verified=True) for paper in (LICENCE_OF[kind], *EVIDENCE))
    return Provider(kind, verified, papers)


def _submission(content: ProductContent | None = None, **changed: object) -> Submission:
    given: dict[str, object] = {
        "category": Category.LEGAL_AID,
        "content": content or world.content(Category.LEGAL_AID),
        "provider": _provider(),
        "day": TODAY,
        "ceilings": CEILINGS,
        "monthly_units": 12,
        "matrix": world.MATRIX,
    }
    return Submission(**(given | changed))  # type: ignore[arg-type]


def _only(submission: Submission) -> Fault:
    [fault] = submission_faults(submission)
    return fault


def test_a_complete_product_of_a_verified_provider_passes() -> None:
    assert submission_faults(_submission()) == []


@pytest.mark.parametrize("field", WRITTEN)
def test_each_part_of_the_description_must_be_written(field: str) -> None:
    missing = _only(_submission(world.content(Category.LEGAL_AID, **{field: " "})))
    short = _only(_submission(world.content(Category.LEGAL_AID, **{field: "很短"})))
    assert missing.field == short.field == field
    assert str(missing.message).startswith("没有写")
    assert "太短" in str(short.message)
    assert "第十二条" in missing.citation.article


@pytest.mark.parametrize(("field", "nothing"), [("target_group", None), ("unit", None), ("areas", ())])
def test_group_unit_and_area_must_be_chosen(field: str, nothing: object) -> None:
    assert _only(_submission(world.content(Category.LEGAL_AID, **{field: nothing}))).field == field


def test_a_price_up_to_the_ceiling_passes_and_a_fen_more_does_not() -> None:
    assert submission_faults(_submission(world.content(Category.LEGAL_AID, ceiling_fen=200_000))) == []
    fault = _only(_submission(world.content(Category.LEGAL_AID, ceiling_fen=200_001)))
    assert fault.field == "ceiling_fen"
    assert "¥2,000.01" in str(fault.message)
    assert "¥2,000.00" in str(fault.remedy)


def test_without_a_row_for_the_unit_there_is_no_ceiling() -> None:
    priced = world.content(Category.LEGAL_AID, unit=Unit.CASE, ceiling_fen=10**9)
    assert submission_faults(_submission(priced)) == []


def test_a_category_not_open_to_the_kind_is_refused_with_the_statute_that_says_so() -> None:
    social = _provider(OrganizationKind.SERVICE_INSTITUTION)
    fault = _only(_submission(provider=social))
    assert fault.field == "category"
    assert "法律援助法" in fault.citation.document
    assert str(fault.message) == "“社会服务机构”不能提供“法律援助”。"


def test_an_organization_that_nobody_verified_is_refused() -> None:
    assert _only(_submission(provider=_provider(verified=False))).field == "organization"


def _with_paper(kind: QualificationKind, *papers: Paper) -> Submission:
    complete = _provider()
    others = tuple(paper for paper in complete.papers if paper.kind is not kind)
    return _submission(provider=replace(complete, papers=(*others, *papers)))


@pytest.mark.parametrize("kind", [QualificationKind.LAW_PRACTICE, *EVIDENCE])
def test_the_licence_and_each_piece_of_evidence_must_be_shown(kind: QualificationKind) -> None:
    fault = _only(_with_paper(kind))
    assert str(fault.message).startswith("缺少")
    assert ("实施条例" in fault.citation.document) == (kind in EVIDENCE)


@pytest.mark.parametrize(
    ("paper", "words"),
    [
        (Paper(QualificationKind.LAW_PRACTICE, date(2020, 1, 1), TODAY - timedelta(days=1), True), "已过有效期"),
        (Paper(QualificationKind.LAW_PRACTICE, TODAY + timedelta(days=1), None, True), "还没有生效"),
        (Paper(QualificationKind.LAW_PRACTICE, date(2020, 1, 1), None, False), "还没有核验"),
        (Paper(QualificationKind.LAW_PRACTICE, date(2020, 1, 1), None, False, True), "没有通过核验"),
    ],
)
def test_a_paper_that_does_not_count_today_is_told_apart_from_a_missing_one(paper: Paper, words: str) -> None:
    assert words in str(_only(_with_paper(QualificationKind.LAW_PRACTICE, paper)).message)


def test_a_renewed_licence_counts_beside_the_expired_one() -> None:
    expired = Paper(QualificationKind.LAW_PRACTICE, date(2020, 1, 1), date(2025, 1, 1), True)
    renewed = Paper(QualificationKind.LAW_PRACTICE, date(2025, 1, 2), None, True)
    assert submission_faults(_with_paper(QualificationKind.LAW_PRACTICE, expired, renewed)) == []


def test_a_licence_counts_on_its_last_day() -> None:
    last = Paper(QualificationKind.LAW_PRACTICE, date(2020, 1, 1), TODAY, True)
    assert submission_faults(_with_paper(QualificationKind.LAW_PRACTICE, last)) == []


def test_staff_must_be_named_by_credentials_that_the_category_allows() -> None:
    nobody = _only(_submission(world.content(Category.LEGAL_AID, credentials_any=())))
    students = (StaffCredential.LAWYER, StaffCredential.LAW_STUDENT)
    student = _only(_submission(world.content(Category.LEGAL_AID, credentials_any=students)))
    assert nobody.field == student.field == "credentials_any"
    assert "法学专业学生" in str(student.message)


def test_what_can_be_had_in_a_month_must_be_said() -> None:
    fault = _only(_submission(monthly_units=None))
    assert (fault.field, str(fault.message)) == ("monthly_units", "没有写每月最多能接多少。")
    assert submission_faults(_submission(monthly_units=0)) == []  # a provider that pauses has said so


def test_what_was_sent_back_does_not_come_again_unchanged() -> None:
    assert "退回后没有改动" in str(_only(_submission(sent_back_unchanged=True)).message)


def test_everything_is_told_at_once_with_source_and_remedy() -> None:
    empty = Submission(
        Category.NOTARIZATION,
        ProductContent("只有名称"),
        Provider(OrganizationKind.FOUNDATION, False, ()),
        TODAY,
        CEILINGS,
        world.MATRIX,
        sent_back_unchanged=True,
    )
    faults = submission_faults(empty)
    expected = {"organization", "category", "qualifications", *WRITTEN, "target_group", "unit", "areas",
                "credentials_any", "monthly_units"}  # fmt: skip
    assert {fault.field for fault in faults} == expected
    assert all(str(fault.remedy) and fault.citation.document and fault.citation.article for fault in faults)

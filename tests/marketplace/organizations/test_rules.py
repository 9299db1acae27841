"""What an application may say, who may provide what, and which decisions lead where."""

from datetime import date
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.errors import NotPermitted, TransitionRefused
from marketplace.organizations import rules
from marketplace.organizations.provision import Category, QualificationKind
from marketplace.organizations.qualifications.rules import Paper, PaperState
from marketplace.organizations.rules import OrganizationEvent as Event
from marketplace.organizations.rules import OrganizationKind as Kind
from marketplace.organizations.rules import OrganizationStatus as Status
from marketplace.organizations.rules import Standing
from tests import world

ON_A_BUSY_MACHINE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

TODAY = date(2026, 11, 22)
SOCIAL = (Kind.ASSOCIATION, Kind.SERVICE_INSTITUTION, Kind.FOUNDATION)


@pytest.mark.parametrize(("status", "event"), list(product(Status, Event)))
def test_an_organization_moves_only_along_its_table(status: Status, event: Event) -> None:
    expected = {
        (Status.APPLIED, Event.VERIFY): Status.VERIFIED,
        (Status.APPLIED, Event.REFUSE): Status.REFUSED,
        (Status.REFUSED, Event.REAPPLY): Status.APPLIED,
        (Status.VERIFIED, Event.SUSPEND): Status.SUSPENDED,
        (Status.SUSPENDED, Event.REINSTATE): Status.VERIFIED,
    }
    if (status, event) in expected:
        assert rules.advance(status, event) is expected[status, event]
    else:
        with pytest.raises(TransitionRefused):
            rules.advance(status, event)


def _standing(**changed: object) -> Standing:
    facts: dict[str, object] = {
        "name_zh": "某中心",
        "status": Status.APPLIED,
        "licence_verified": True,
        "officer_is_tied": False,
    }
    return Standing(**(facts | changed))  # type: ignore[arg-type]


def test_a_decision_without_reasons_is_refused() -> None:
    with pytest.raises(rules.ReasonsMissing):
        rules.decide(_standing(), Event.VERIFY, "  ")


def test_a_tied_officer_stands_aside() -> None:
    with pytest.raises(rules.TiedToOrganization):
        rules.decide(_standing(officer_is_tied=True), Event.REFUSE, "理由")


def test_nobody_is_verified_before_the_licence_is() -> None:
    with pytest.raises(rules.LicenceNotVerified):
        rules.decide(_standing(licence_verified=False), Event.VERIFY, "理由")
    assert rules.decide(_standing(licence_verified=False), Event.REFUSE, "理由") is Status.REFUSED


def test_a_lapsed_licence_keeps_a_suspended_organization_suspended() -> None:
    with pytest.raises(rules.LicenceNotVerified):
        rules.decide(_standing(status=Status.SUSPENDED, licence_verified=False), Event.REINSTATE, "理由")


def test_reapplying_is_no_officers_decision() -> None:
    with pytest.raises(NotPermitted):
        rules.decide(_standing(status=Status.REFUSED), Event.REAPPLY, "理由")


@pytest.mark.parametrize("kind", Kind)
def test_an_application_with_a_right_code_has_no_fault(kind: Kind) -> None:
    assert rules.application_faults(world.application(kind)) == {}


@pytest.mark.parametrize(
    ("stated", "field"),
    [
        ({"uscc": "523301060000000020"}, "uscc"),
        ({"uscc": "52330106"}, "uscc"),
        ({"uscc": world.uscc(Kind.LAW_FIRM)}, "uscc"),
        ({"name_zh": "  "}, "name_zh"),
        ({"bank_account": "abc", "bank_name": "工行"}, "bank_account"),
        ({"bank_account": "1202020209900000001"}, "bank_name"),
        ({"bank_name": "工行"}, "bank_name"),
    ],
)
def test_a_fault_is_told_at_its_field(stated: dict[str, str], field: str) -> None:
    assert list(rules.application_faults(world.application(**stated))) == [field]


def test_social_organizations_teach_consult_and_mediate_and_nothing_else() -> None:
    three = (Category.LEGAL_EDUCATION, Category.CONSULTATION, Category.MEDIATION)
    assert [world.MATRIX.may_provide(kind, TODAY) for kind in SOCIAL] == [three] * 3


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        (Category.NOTARIZATION, Kind.NOTARY_OFFICE),
        (Category.FORENSIC_APPRAISAL, Kind.APPRAISAL_INSTITUTION),
        (Category.LEGAL_AID, Kind.LAW_FIRM),
    ],
)
def test_what_needs_a_licence_is_open_to_the_licensed_alone(category: Category, kind: Kind) -> None:
    assert world.MATRIX.kinds_that_may(category, TODAY) == (kind,)


def test_a_row_holds_from_its_day_on() -> None:
    row = world.MATRIX.provision_for(Category.LEGAL_AID, Kind.LAW_FIRM, date(2022, 1, 1))
    assert row is not None
    assert "法律援助法" in row.citation.document
    assert world.MATRIX.provision_for(Category.LEGAL_AID, Kind.LAW_FIRM, date(2021, 12, 31)) is None


def test_every_pair_has_one_row_that_names_its_source_and_that_nobody_has_confirmed() -> None:
    rows = [row for seeds in world.MATRIX.law.rows.values() for row in seeds]
    assert all(row.document and row.article and row.note_zh and not row.verified for row in rows)
    assert len(rows) == len(world.MATRIX.law.rows)
    pairs = [world.MATRIX.ruling(category, kind, TODAY) for category in Category for kind in Kind]
    assert [row for row in pairs if row is None] == []


def test_only_lawyers_and_legal_workers_take_legal_aid() -> None:
    assert [one.value for one in world.MATRIX.staff(Category.LEGAL_AID, TODAY)] == ["lawyer", "legal_worker"]


@ON_A_BUSY_MACHINE
@given(
    since=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    term=st.none() | st.integers(0, 2000),
    day=st.dates(date(2019, 1, 1), date(2036, 1, 1)),
)
def test_a_verified_paper_counts_from_its_first_to_its_last_day(since: date, term: int | None, day: date) -> None:
    until = None if term is None else date.fromordinal(since.toordinal() + term)
    paper = Paper(QualificationKind.REGISTRATION, since, until, verified=True)
    assert (paper.state(day) is PaperState.VALID) == (since <= day and (until is None or day <= until))


def test_a_paper_nobody_looked_at_counts_for_nothing() -> None:
    assert Paper(QualificationKind.REGISTRATION, TODAY, None, verified=False).state(TODAY) is PaperState.PENDING
    refused = Paper(QualificationKind.REGISTRATION, TODAY, None, verified=False, refused=True)
    assert refused.state(TODAY) is PaperState.REFUSED

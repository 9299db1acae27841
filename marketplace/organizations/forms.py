"""What people type about organizations."""

from datetime import date
from typing import Annotated

import msgspec

from app.web.fields import LongText
from marketplace.organizations.provision import Category, QualificationKind
from marketplace.organizations.qualifications.rules import Statement
from marketplace.organizations.rules import Application, Funding, OrganizationEvent, OrganizationKind
from marketplace.organizations.service import Profile

Name = Annotated[str, msgspec.Meta(max_length=100)]
Short = Annotated[str, msgspec.Meta(max_length=60)]
Reasons = Annotated[str, msgspec.Meta(max_length=1000, extra={"input": "textarea"})]


class ListForm(msgspec.Struct):
    """The filters above the list of organizations."""

    q: Name = ""
    kind: OrganizationKind | None = None
    category: Category | None = None
    place: Annotated[str, msgspec.Meta(max_length=12)] = ""


class ApplicationForm(msgspec.Struct):
    """An application to be registered, with the paper it stands on."""

    uscc: Annotated[str, msgspec.Meta(max_length=18)]
    kind: OrganizationKind
    name_zh: Name
    place_code: Annotated[str, msgspec.Meta(max_length=12)]
    funding: Funding = Funding.NEITHER
    name_en: Name = ""
    profile_zh: LongText = ""
    profile_en: LongText = ""
    bank_name: Short = ""
    bank_account: Annotated[str, msgspec.Meta(max_length=30)] = ""

    def application(self) -> Application:
        """Return the same as the service takes it."""
        stated = msgspec.structs.asdict(self)
        return Application(**{**stated, "uscc": self.uscc.upper(), "bank_account": self.bank_account.replace(" ", "")})


class ProfileForm(msgspec.Struct):
    """What a member may change later."""

    version: int
    name_en: Name = ""
    profile_zh: LongText = ""
    profile_en: LongText = ""
    funding: Funding | None = None
    bank_name: Short = ""
    bank_account: Annotated[str, msgspec.Meta(max_length=30)] = ""

    def profile(self) -> Profile:
        """Return the same as the service takes it."""
        account = self.bank_account.replace(" ", "")
        return Profile(self.name_en, self.profile_zh, self.profile_en, self.bank_name, account, self.funding)


class PaperForm(msgspec.Struct):
    """A paper that a member states."""

    kind: QualificationKind
    number: Short
    issuer_zh: Name
    valid_from: date
    valid_until: date | None = None
    file: str = ""

    def statement(self) -> Statement:
        """Return the same as the service takes it."""
        return Statement(self.kind, self.number, self.issuer_zh, self.valid_from, self.valid_until)


class DecisionForm(msgspec.Struct):
    """An officer's decision on an organization."""

    event: OrganizationEvent
    reasons: Reasons


class PapersForm(msgspec.Struct):
    """An officer's word on one or several papers."""

    papers: list[int] = []
    genuine: bool = False
    reason: Short = ""

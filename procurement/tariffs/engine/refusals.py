"""What the engine refuses to price or to read; each refusal names the place at fault."""

from app.core.errors import DomainError
from app.core.text import N_


class TariffRefused(DomainError):
    """Anything the tariff engine refuses."""

    code, status, message = "tariff_refused", 422, N_("无法按标准计价。")


class CountRefused(TariffRefused):
    """A count is negative, not finite, or not an exact number."""

    code, message = "count_refused", N_("数量“%(name)s”不能是 %(value)s。")


class OutsideValidity(TariffRefused):
    """The deciding date is outside the set's validity."""

    code, message = "outside_validity", N_("标准“%(tariff)s”在 %(on)s 不适用。")


class ChoiceNeeded(TariffRefused):
    """A line or modifier leaves a range, and nobody has chosen yet."""

    code, message = "choice_needed", N_("“%(name)s”需要在标准幅度内确定数额并写明理由。")


class ChoiceRefused(TariffRefused):
    """What was chosen is outside the range of the tariff, or has no reason."""

    code, message = "choice_refused", N_("“%(name)s”定为 %(value)s：超出标准幅度或没有写明理由。")


class GradeUnknown(TariffRefused):
    """The table by grade has no such grade."""

    code, message = "grade_unknown", N_("“%(name)s”没有“%(grade)s”这一等级。")


class ValidityOverlaps(TariffRefused):
    """Two sets claim the same day."""

    code, message = "validity_overlaps", N_("在 %(on)s 有不止一套标准适用：%(names)s。")


class TariffUnreadable(TariffRefused):
    """The document is not a tariff set of our schema."""

    code, message = "tariff_unreadable", N_("标准文件无法读取：%(problem)s")


class SuiteMalformed(TariffRefused):
    """A suite to price is malformed at the named place."""

    code, message = "suite_malformed", N_("%(where)s：%(problem)s")

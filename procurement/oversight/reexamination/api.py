"""Past purchases judged again, for programs."""

from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from litestar import get
from litestar.params import FromPath, FromQuery

from app.web.guards import CurrentPrincipal, requires
from procurement.blocks import Figure
from procurement.oversight.reexamination.queries import reexamine
from procurement.oversight.reexamination.rules import Verdict, Weighed
from procurement.purchases import queries as purchases
from procurement.reading import BUYERS, reading_scope


def _example(value: Any) -> msgspec.Meta:
    return msgspec.Meta(examples=[value])


class FigureBody(msgspec.Struct):
    """A figure as it stood on a day; one that no officer has confirmed is not ``verified``."""

    value: Annotated[int, _example(30)]
    unit: Annotated[str, _example("calendar_days")]
    document: Annotated[str, _example("财库〔2020〕10号")]
    article: Annotated[str, _example("第3条")]
    since: date | None
    verified: bool

    @classmethod
    def of(cls, figure: Figure | None) -> "FigureBody | None":
        """Return what a program sees of a figure, if there was one."""
        if figure is None:
            return None
        source = figure.source
        return cls(figure.value, figure.unit, source.document, source.article, source.since, source.verified)


class WeighedBody(msgspec.Struct):
    """A figure that judged a step: on the day of its law, and on the other day; null where there was none."""

    rule: Annotated[str, _example("tender.intent")]
    then: FigureBody | None
    now: FigureBody | None

    @classmethod
    def of(cls, weighed: Weighed) -> "WeighedBody":
        """Return what a program sees of it."""
        return cls(weighed.key, FigureBody.of(weighed.then), FigureBody.of(weighed.now))


class VerdictBody(msgspec.Struct):
    """A step judged again: the codes of what the law of its day, and that of the other day, has against it."""

    kind: Annotated[str, _example("approve")]
    happened_at: datetime
    law_of: date
    subject: Annotated[str, _example("HT-2026-000003")]
    rules: list[WeighedBody]
    articles: Annotated[list[str], msgspec.Meta(examples=[["政府采购法 第61条"]])]
    then: Annotated[list[str], _example([])]
    now: Annotated[list[str], _example(["intent_too_recent"])]

    @classmethod
    def of(cls, verdict: Verdict) -> "VerdictBody":
        """Return what a program sees of a verdict."""
        step = verdict.step
        return cls(
            *(step.kind.value, step.at, step.day, step.subject, [WeighedBody.of(one) for one in verdict.weighed]),
            *([str(source) for source in step.articles], [block.code for block in verdict.then]),
            [block.code for block in verdict.now],
        )


@get(
    ["/purchases/{reference:str}/verdicts", "/tenders/{reference:str}/verdicts"],
    guards=[requires(*BUYERS)],
    summary="Judge a purchase again",
)
async def judge_again(
    reference: FromPath[str], principal: CurrentPrincipal, on: FromQuery[date | None] = None
) -> list[VerdictBody]:
    """Each decided step of a purchase by the law of its own day, and by that of another, today unless one is named."""
    found = await purchases.purchase(reading_scope(principal, *BUYERS), reference)
    return [VerdictBody.of(verdict) for verdict in (await reexamine(found.id, on)).verdicts]

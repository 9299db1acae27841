"""A spread of hours in plain words, and as a picture."""

from app.core.text import N_, Message
from app.web.components import Chart, Series
from app.web.i18n import translate
from volunteers.dispatch.explanations.fairness.rules import Quarter, Spread, bin_of


def quarter_name(quarter: Quarter) -> Message:
    """Return a quarter as people say it."""
    return Message(N_("%(year)s 年 %(number)s 季度"), {"year": quarter.year, "number": quarter.number})


def hours(minutes: int) -> str:
    """Write minutes as hours."""
    return f"{minutes / 60:,.1f}"


def carried(found: Spread) -> Message:
    """Say what the tenth who did most carried."""
    values = {"people": found.top_people, "percent": round(100 * found.top_share)}
    return Message(N_("做得最多的十分之一（%(people)s 人）做了全部时长的 %(percent)s%%。"), values)


def evenness(found: Spread) -> str:
    """Say what the Gini coefficient means."""
    if found.gini < 0.2:
        return N_("很平均")
    if found.gini < 0.4:
        return N_("比较平均")
    return N_("不太平均") if found.gini < 0.6 else N_("很不平均")


def histogram(found: Spread, mine: int | None = None) -> Chart:
    """Draw how many people did how many hours; one's own bar apart."""
    names = [f"{_short(one.least)}–{_short(one.below)}" for one in found.bins]
    own = bin_of(found.bins, mine) if mine else None
    others = [one.people - (place == own) for place, one in enumerate(found.bins)]
    series = [Series(N_("人数"), others)]
    if own is not None:
        series.append(Series(N_("你在这里"), [int(place == own) for place in range(len(names))]))
    return Chart("stacked", translate(N_("做了几小时的各有几人")), names, series, N_("人"))


def _short(minutes: int) -> str:
    return f"{minutes / 60:g}"

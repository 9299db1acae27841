"""Looking at how things were bought: thresholds, rounds of quotations, who gets the call-offs, what was published."""

from datetime import date, datetime

import msgspec

from app.core import calendar, clock, database
from procurement import law
from procurement.offers.rules import Compared, LowFigures
from procurement.oversight.flags import rules
from procurement.oversight.flags.ground import ENDED, Ground, Observed, Subject
from procurement.oversight.flags.rules import Bound, FlagKind, Found
from procurement.oversight.law import minimum
from procurement.purchases.tenders.law import OPEN_TENDER

# What counts is decided in one place: the view that the guards of splitting sum up as well.
_SPLITTING = """
SELECT l.id AS line, l.year, x.place_id, x.category, array_agg(x.amount_fen ORDER BY p.id) AS amounts,
       array_agg(p.reference ORDER BY p.id) AS refs, array_agg(x.method = 'quotation' ORDER BY p.id) AS quoted
FROM non_open_purchase x JOIN purchase p ON p.id = x.purchase_id JOIN budget_line l ON l.id = x.budget_line_id
WHERE l.year = ANY($1) GROUP BY l.id, l.year, x.place_id, x.category
"""
# Before the deadline nobody, not even an auditor, learns how many answered.
_ROUNDS = """
SELECT r.id, r.number, r.invited_at, r.deadline, p.id AS purchase_id, p.reference, p.place_id, p.budget_line_id, l.year,
       request.ceiling_fen,
       (SELECT count(*) FROM quotation_invitation i WHERE i.round_id = r.id)::integer AS invited,
       (SELECT count(*) FROM (
            SELECT DISTINCT ON (s.invitation_id) s.ciphertext IS NOT NULL AS given
            FROM sealed_quotation s WHERE s.round_id = r.id ORDER BY s.invitation_id, s.id DESC) AS last
        WHERE last.given)::integer AS answered,
       coalesce((SELECT jsonb_agg(jsonb_build_array(q.id, q.organization_id, q.unit_price_fen, x.id IS NOT NULL)
                                  ORDER BY q.id)
                 FROM opened_quotation q LEFT JOIN quotation_exclusion x ON x.opened_quotation_id = q.id
                 WHERE q.round_id = r.id AND q.readable), '[]')::text AS opened
FROM quotation_round r JOIN purchase p ON p.id = r.purchase_id JOIN budget_line l ON l.id = p.budget_line_id
JOIN quotation_request request ON request.purchase_id = p.id
WHERE r.deadline < clock_timestamp() AND l.year = ANY($1) ORDER BY r.id
"""
_CALL_OFFS = """
SELECT g.*, sum(own) OVER buyer AS of_all, sum(own_fen) OVER buyer AS all_fen
FROM (SELECT p.place_id, l.year, p.organization_id, count(*) AS own, sum(p.amount_fen) AS own_fen,
             array_agg(p.reference ORDER BY p.id) AS refs
      FROM purchase p JOIN budget_line l ON l.id = p.budget_line_id
      WHERE p.method = 'call_off' AND p.status <> ALL($2) AND l.year = ANY($1)
      GROUP BY p.place_id, l.year, p.organization_id) AS g
WINDOW buyer AS (PARTITION BY place_id, year)
"""
_CONTRACTS = """
SELECT c.id, c.reference, c.signed_at, p.id AS purchase_id, p.place_id, p.budget_line_id, l.year, duty.kind, n.done_on
FROM contract c JOIN purchase p ON p.id = c.purchase_id JOIN budget_line l ON l.id = p.budget_line_id
CROSS JOIN unnest('{published,filed}'::text[]) AS duty (kind)
LEFT JOIN contract_notice n ON n.contract_id = c.id AND n.kind = duty.kind
WHERE c.signed_at IS NOT NULL AND l.year = ANY($1) ORDER BY c.id
"""
_DUTIES = {"published": law.CONTRACT_NOTICE, "filed": law.CONTRACT_COPY}


class _Quote(msgspec.Struct, array_like=True, frozen=True):
    id: int
    organization_id: int
    price_fen: int
    excluded: bool


class Round(msgspec.Struct, frozen=True):
    """One round of quotations whose deadline is over."""

    id: int
    number: int
    invited_at: datetime
    deadline: datetime
    purchase_id: int
    reference: str
    place_id: int
    budget_line_id: int
    year: int
    ceiling_fen: int
    invited: int
    answered: int
    quotes: list[_Quote]

    @property
    def counted(self) -> list[_Quote]:
        """Return the quotations that nobody excluded."""
        return [one for one in self.quotes if not one.excluded]

    @property
    def day(self) -> date:
        """Return the day by whose figures the round is judged."""
        return clock.local(self.invited_at).date()

    def observed(self, kind: FlagKind, found: Found, quote: _Quote | None = None) -> Observed:
        """Return a flag about this round, or about one quotation of it."""
        key = f"round:{self.id}" if quote is None else f"quotation:{quote.id}"
        organization_id = quote.organization_id if quote else None
        subject = Subject(
            key, self.place_id, self.year, self.budget_line_id, self.purchase_id, organization_id=organization_id
        )
        return Observed(kind, subject, found, (self.reference,))


async def rounds(ground: Ground) -> list[Round]:
    """Return every round that is over."""
    rows = await ground.once(_ROUNDS, ground.years)
    return [
        Round(
            quotes=database.decoded(row["opened"], list[_Quote]),
            **{name: value for name, value in row.items() if name != "opened"},
        )
        for row in rows
    ]


async def splitting(ground: Ground) -> list[Observed]:
    """Sum a year's purchases of one line, buyer and category without an open tender against the open tender's figure.

    Its quotations are summed against the lower figure besides, above which procurement law holds.
    """
    seen = []
    for row in await database.fetch(_SPLITTING, ground.years):
        day = ground.day_of(row["year"])
        bound = await ground.bound(FlagKind.SPLITTING, day)
        every = list(zip(row["amounts"], row["refs"], row["quoted"], strict=True))
        for suffix, key, counted in (
            ("", law.SPLITTING, [one for one in every if one[2]]),
            (":open_tender", OPEN_TENDER, every),
        ):
            found = rules.splitting([fen for fen, *_ in counted], await ground.figure(key, day), bound)
            if found:
                subject = f"line:{row['line']}:{row['place_id']}:{row['category']}{suffix}"
                about = Subject(subject, row["place_id"], row["year"], row["line"])
                seen.append(Observed(FlagKind.SPLITTING, about, found, tuple(ref for _, ref, _ in counted)))
    return seen


async def short_period(ground: Ground) -> list[Observed]:
    """Compare the time between invitation and deadline with the least."""
    seen = []
    for one in await rounds(ground):
        days = await ground.figure(law.QUOTATION_DAYS, one.day)
        bound = Bound(days, await ground.figure(minimum(FlagKind.SHORT_PERIOD), one.day))
        found = rules.short_period(one.invited_at, one.deadline, one.invited, bound)
        seen += [one.observed(FlagKind.SHORT_PERIOD, found)] if found else []
    return seen


async def single_response(ground: Ground) -> list[Observed]:
    """Count who answered."""
    kind = FlagKind.SINGLE_RESPONSE
    found = [
        (one, rules.single_response(one.invited, one.answered, await ground.bound(kind, one.day)))
        for one in await rounds(ground)
    ]
    return [one.observed(kind, flag) for one, flag in found if flag]


async def identical_prices(ground: Ground) -> list[Observed]:
    """Compare the prices of a round: in a quotation the price is always what suppliers compete by."""
    kind = FlagKind.IDENTICAL_PRICES
    found = [
        (one, rules.identical_prices([q.price_fen for q in one.quotes], await ground.bound(kind, one.day)))
        for one in await rounds(ground)
    ]
    return [one.observed(kind, flag) for one, flag in found if flag]


async def fixed_ratio(ground: Ground) -> list[Observed]:
    """Compare the steps between the prices of a round."""
    kind = FlagKind.FIXED_RATIO
    found = [
        (one, rules.fixed_ratio([q.price_fen for q in one.quotes], await ground.bound(kind, one.day)))
        for one in await rounds(ground)
    ]
    return [one.observed(kind, flag) for one, flag in found if flag]


async def all_excluded(ground: Ground) -> list[Observed]:
    """Count who was left after the exclusions."""
    kind = FlagKind.ALL_EXCLUDED
    found = [
        (one, rules.all_excluded(len(one.quotes), len(one.counted), await ground.bound(kind, one.day)))
        for one in await rounds(ground)
    ]
    return [one.observed(kind, flag) for one, flag in found if flag]


async def low_price(ground: Ground) -> list[Observed]:
    """Ask the comparison's own rule which prices are low."""
    seen = []
    for one in await rounds(ground):
        keys = (law.LOW_OF_MEAN, law.LOW_OF_SECOND, law.LOW_OF_CEILING)
        figures = LowFigures(*[await ground.figure(key, one.day) for key in keys])
        least = await ground.figure(minimum(FlagKind.LOW_PRICE), one.day)
        offers = [Compared(quote.id, quote.price_fen) for quote in one.counted]
        low = rules.abnormally_low(offers, one.ceiling_fen, figures, least)
        seen += [one.observed(FlagKind.LOW_PRICE, low[quote.id], quote) for quote in one.counted if quote.id in low]
    return seen


async def capture(ground: Ground) -> list[Observed]:
    """Compare each supplier's call-offs with all those of its buyer."""
    kind, seen = FlagKind.CAPTURE, []
    for row in await database.fetch(_CALL_OFFS, ground.years, ENDED):
        bound = await ground.bound(kind, ground.day_of(row["year"]))
        found = rules.capture(row["own"], int(row["of_all"]), int(row["own_fen"]), int(row["all_fen"]), bound)
        if found:
            key = f"organization:{row['organization_id']}:{row['place_id']}:{row['year']}"
            subject = Subject(key, row["place_id"], row["year"], organization_id=row["organization_id"])
            seen.append(Observed(kind, subject, found, tuple(row["refs"])))
    return seen


async def late_notice(ground: Ground) -> list[Observed]:
    """Compare when contracts were published and filed with the last days of both duties."""
    days, seen = await calendar.load_calendar(), []
    for row in await database.fetch(_CONTRACTS, ground.years):
        signed_on = clock.local(row["signed_at"]).date()
        duty = await ground.figure(_DUTIES[row["kind"]], signed_on)
        last_day = calendar.deadline(days, signed_on, duty.value, duty.unit)
        found = rules.late_notice(signed_on, last_day, row["done_on"], ground.today, duty)
        if found:
            key = f"contract:{row['id']}:{row['kind']}"
            subject = Subject(key, row["place_id"], row["year"], row["budget_line_id"], row["purchase_id"])
            seen.append(Observed(FlagKind.LATE_NOTICE, subject, found, (row["reference"],)))
    return seen

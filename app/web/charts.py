"""Charts as data: what app/static/js/charts.js draws with ECharts, taken from an attribute of the figure."""

import msgspec

from app.web.components import Chart
from app.web.i18n import translate


def as_json(chart: Chart) -> str:
    """Return the chart for the script, its texts in the reader's language, amounts in yuan."""
    divisor = 100 if chart.unit == "fen" else 1
    drawn = {
        "kind": chart.kind,
        "title": translate(chart.title),
        "unit": "" if chart.unit == "fen" else translate(chart.unit),
        "money": chart.unit == "fen",
        "categories": [translate(category) for category in chart.categories],
        "series": [
            {
                "name": translate(series.name),
                "values": [None if value is None else value / divisor for value in series.values],
            }
            for series in chart.series
        ],
    }
    return msgspec.json.encode(drawn).decode()

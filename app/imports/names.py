"""What people write into cells, as data: signs of yes and no, dates and times, counters behind numbers."""

import re

YES = frozenset({"是", "有", "要", "y", "yes", "true", "1", "√", "✓", "对"})
NO = frozenset({"否", "无", "没有", "不", "不要", "n", "no", "false", "0", "×", "x"})
COUNTERS = "人名个位"
AFTERNOON = frozenset({"下午", "晚上", "pm"})
SEPARATORS = re.compile(r"[、,，;；/|\n]+")
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
TIME = re.compile(
    r"(上午|下午|晚上)?\s*(\d{1,2})\s*(?:[:：点时]\s*(\d{1,2})?\s*分?(?::\d{2})?\s*(am|pm)?|(am|pm))", re.IGNORECASE
)
"""Half of the day, hour, minute, am or pm behind minutes, am or pm behind the hour."""
DECORATION = re.compile(r"[(（][^)）]*[)）]|[\s*＊_：:]")
"""What people add to the name of a column."""

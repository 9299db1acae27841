"""Files of tests are handed out by how long they take."""

from collections import Counter
from pathlib import Path

from tests.longest_first import SECONDS, longest_first


def test_the_long_come_first_and_then_those_with_many_tests() -> None:
    year, browser = "tests/procurement/year/test_a_year.py", "tests/browser/test_frame.py"
    files = Counter({"tests/b.py": 3, "tests/many.py": 90, year: 1, "tests/a.py": 3, browser: 4})
    assert longest_first(files) == [year, browser, "tests/many.py", "tests/a.py", "tests/b.py"]


def test_each_named_file_is_there() -> None:
    project = Path(__file__).parents[1]
    assert [file for file in SECONDS if not (project / file).is_file()] == []

"""In which order files of tests are handed to the workers: the longest first, so that no core waits at the end for one.

These are estimates, and an error of some seconds costs no more than that at the end: a file that is not named counts by
its tests, and named are those whose few tests live through years, start servers or wait for processes.
"""

from collections import Counter
from pathlib import PurePath

USUAL_TEST, BROWSER_TEST = 0.1, 4.0
SECONDS = {
    "tests/procurement/year/test_a_year.py": 40,
    "tests/browser/test_the_way.py": 30,
    "tests/browser/test_a_volunteers_life.py": 30,
    "tests/browser/test_coordinators_week.py": 30,
    "tests/app/core/test_external_server.py": 30,
    "tests/app/core/test_jobs_processes.py": 30,
    "tests/app/core/test_landed_schema.py": 20,
    "tests/app/test_supervisor.py": 20,
}


def longest_first(files: Counter[str]) -> list[str]:
    """Return the files, each counted with its tests, by their estimated time; equal ones by name."""
    return sorted(files, key=lambda file: (-estimate(file, files[file]), file))


def estimate(file: str, tests: int) -> float:
    """Return about how many seconds a file takes."""
    each = BROWSER_TEST if PurePath(file).is_relative_to("tests/browser") else USUAL_TEST
    return SECONDS.get(file, tests * each)

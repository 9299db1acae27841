"""Importing the program decides nothing about where its data lie."""

import subprocess
import sys

import pytest

ASK = """
import importlib
importlib.import_module("{module}")
from app.core.settings import settings
print(settings.cache_info().currsize)
"""


@pytest.mark.parametrize("module", ["app.wiring", "tests.app.accounts.people", "tests.app.accounts.conftest"])
def test_importing_reads_no_settings_so_that_a_test_run_can_still_name_its_own_data_folder(module: str) -> None:
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASK.format(module=module)], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "0"

"""Measure one thing by itself, with a data folder of its own that is gone afterwards."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any


def measured_alone(work: Callable[[], Coroutine[Any, Any, None]]) -> int:
    """Run the work with settings for a fresh demonstration; the exit status."""
    folder = Path(tempfile.mkdtemp(prefix="fahui-bench-"))
    folder.chmod(0o755)
    os.environ.update(FAHUI_DATA_DIR=str(folder), FAHUI_MODE="demo", FAHUI_LOG_LEVEL="ERROR")
    try:
        asyncio.run(work())
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0

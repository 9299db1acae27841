"""`make mutants`: apply each change of the list to a copy of the checkout and see its test fail.

There is a copy for each core.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from tests.mutants.guards import GUARDS
from tests.mutants.mutant import Mutant

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".fahui", "node_modules", "__pycache__", ".*_cache")
ONE_TEST_FAILED = 1  # pytest's exit status; 2 and more mean that nothing was proved


def main() -> int:
    """Try every mutant, or those whose guard contains a word given; exit 1 if one survives."""
    wanted = [mutant for mutant in GUARDS if all(word in mutant.guard for word in sys.argv[1:])]
    if not wanted:
        print(f"no guard's name contains {' and '.join(sys.argv[1:])}")
        return 1
    with tempfile.TemporaryDirectory(prefix="fahui-mutants-") as folder:
        Path(folder).chmod(0o755)
        copies = [_copy(Path(folder) / f"checkout{number}") for number in range(os.cpu_count() or 1)]
        unchanged = _tried(copies[0], *dict.fromkeys(mutant.test for mutant in wanted))
        if unchanged.returncode != 0:
            print(
                f"{unchanged.stdout[-3000:]}{unchanged.stderr[-3000:]}\n"
                "the tests fail without any change; mend them first"
            )
            return 1
        survivors = _survivors(copies, wanted)
    print(f"{len(wanted) - len(survivors)} of {len(wanted)} guards proved")
    return 1 if survivors else 0


def _copy(target: Path) -> Path:
    shutil.copytree(ROOT, target, ignore=LEFT_OUT)
    for installed in (".venv", "node_modules"):
        (target / installed).symlink_to(ROOT / installed)
    return target


def _survivors(copies: list[Path], wanted: list[Mutant]) -> list[str]:
    free: SimpleQueue[Path] = SimpleQueue()
    for copy in copies:
        free.put(copy)

    def survives(mutant: Mutant) -> bool:
        copy = free.get()
        try:
            return not _killed(copy, mutant)
        finally:
            free.put(copy)

    with ThreadPoolExecutor(len(copies)) as pool:
        return [mutant.guard for mutant, survived in zip(wanted, pool.map(survives, wanted), strict=True) if survived]


def _killed(copy: Path, mutant: Mutant) -> bool:
    path = copy / mutant.file
    text = path.read_text(encoding="utf-8")
    if text.count(mutant.before) < 1:
        print(f"STALE    {mutant.guard}: the text to change is not in {mutant.file}", flush=True)
        return False
    path.write_text(text.replace(mutant.before, mutant.after), encoding="utf-8")
    try:
        outcome = _tried(copy, mutant.test).returncode
    finally:
        path.write_text(text, encoding="utf-8")
    killed = outcome == ONE_TEST_FAILED
    print(f"{'killed  ' if killed else f'SURVIVED ({outcome})'} {mutant.guard}", flush=True)
    return killed


def _tried(copy: Path, *tests: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:xdist", *tests]
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True)


if __name__ == "__main__":
    sys.exit(main())

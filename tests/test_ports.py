"""No two servers of tests are given one port."""

import subprocess
import sys
from pathlib import Path

from tests.ports import free_port

TAKES = "from tests.ports import free_port; print([free_port() for _ in range(5)], flush=True); input()"


def test_processes_that_take_ports_at_once_get_different_ones_though_nobody_listens_yet() -> None:
    command = [sys.executable, "-c", TAKES]
    project, pipe = Path(__file__).parents[1], subprocess.PIPE
    running = [subprocess.Popen(command, cwd=project, stdin=pipe, stdout=pipe, text=True) for _ in range(3)]
    taken = [free_port() for _ in range(5)]
    for process in running:
        assert process.stdout is not None
        taken += [int(port) for port in process.stdout.readline().strip("[]\n").split(",")]
    for process in running:
        process.communicate("\n")
    assert len(taken) == len(set(taken)) == 20

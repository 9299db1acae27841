"""Ports for the servers that tests start, each handed out once while its taker lives.

Asking the kernel for any free port and letting go of it is a race: until the server listens, another test process may
be given the same port, or a connection on its way out may take it (the kernel picks those from the same range). So
ports come from below that range, and whoever takes one keeps a socket in the machine's abstract name space, which two
processes cannot hold at once and which the kernel clears away with the process.
"""

import socket
from pathlib import Path

FIRST = 15_000
_taken: list[socket.socket] = []


def free_port() -> int:
    """Return a loopback port that nobody listens on and that no other test is given."""
    for port in _candidates():
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0fahui-test-port-{port}")
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            claim.close()
            continue
        _taken.append(claim)
        return port
    raise RuntimeError("no port is free")


def _candidates() -> range:
    """Return the ports below those of outgoing connections."""
    end = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    return range(FIRST, max(end, FIRST + 1000))

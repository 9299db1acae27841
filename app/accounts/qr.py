"""A QR code as SVG, for the address that an authenticator app scans (ISO/IEC 18004).

Byte mode, error correction M, versions 1 to 6: up to 106 characters, which is all that an enrolment needs and
all that does without version information and the larger alignment grids.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from markupsafe import Markup

QUIET = 4
FORMAT_M = 0b00
_BLOCKS = {1: (1, 26, 16), 2: (1, 44, 28), 3: (1, 70, 44), 4: (2, 50, 32), 5: (2, 67, 43), 6: (4, 43, 27)}
"""Version: number of blocks, codewords of each, data codewords of each (table 9, level M)."""
_MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda row, col: (row + col) % 2 == 0,
    lambda row, _col: row % 2 == 0,
    lambda _row, col: col % 3 == 0,
    lambda row, col: (row + col) % 3 == 0,
    lambda row, col: (row // 2 + col // 3) % 2 == 0,
    lambda row, col: row * col % 2 + row * col % 3 == 0,
    lambda row, col: (row * col % 2 + row * col % 3) % 2 == 0,
    lambda row, col: ((row + col) % 2 + row * col % 3) % 2 == 0,
)
Matrix = list[list[bool]]


@dataclass(frozen=True, slots=True)
class Symbol:
    """The modules of a code, and which of them carry data."""

    modules: Matrix
    free: Matrix
    mask: int


def svg(text: str) -> Markup:
    """Return the code as one path; it is drawn dark on light whatever the page's colours are."""
    modules = encode(text).modules
    size = len(modules) + 2 * QUIET
    path = "".join(
        f"M{col + QUIET} {row + QUIET}h1v1h-1z"
        for row, line in enumerate(modules)
        for col, dark in enumerate(line)
        if dark
    )
    return Markup(  # noqa: S704 - digits and letters of our own
        f'<svg class="qr" viewBox="0 0 {size} {size}" width="232" height="232" role="img" aria-hidden="true">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{path}" fill="#000"/></svg>'
    )


def encode(text: str) -> Symbol:
    """Return the symbol of a text, with the mask that is easiest to read."""
    data = text.encode()
    version = next((v for v, (n, _, size) in _BLOCKS.items() if len(data) + 2 <= n * size), None)
    if version is None:
        raise ValueError("the text is too long for a code of version 6")
    bits = list(_bits(_codewords(data, version)))
    symbols = [_symbol(version, bits, mask) for mask in range(len(_MASKS))]
    return min(symbols, key=lambda symbol: _penalty(symbol.modules))


def _codewords(data: bytes, version: int) -> list[int]:
    count, total, size = _BLOCKS[version]
    capacity = count * size
    number = int.from_bytes(bytes([0b0100, len(data)]) + data)  # mode, length, then the bytes, all one nibble off
    stream = (number << 4).to_bytes(len(data) + 3)[1:]
    padded = stream[:capacity] + bytes(0xEC if place % 2 == 0 else 0x11 for place in range(capacity - len(stream)))
    blocks = [padded[start : start + size] for start in range(0, capacity, size)]
    checks = [_remainder(block, total - size) for block in blocks]
    return [word for column in zip(*blocks, strict=True) for word in column] + [
        word for column in zip(*checks, strict=True) for word in column
    ]


def _bits(words: list[int]) -> Iterator[bool]:
    for word in words:
        for place in range(7, -1, -1):
            yield bool(word >> place & 1)


def _times(left: int, right: int) -> int:
    """Multiply in GF(256) with the polynomial 0x11D."""
    product = 0
    for place in range(7, -1, -1):
        product = product << 1 ^ (product >> 7) * 0x11D
        product ^= (right >> place & 1) * left
    return product


def _remainder(block: bytes, degree: int) -> list[int]:
    """Return the Reed-Solomon check words of a block."""
    generator, root = [1], 1
    for _ in range(degree):
        generator = [a ^ _times(b, root) for a, b in zip([*generator, 0], [0, *generator], strict=True)]
        root = _times(root, 2)
    left = [0] * degree
    for word in block:
        factor = word ^ left[0]
        left = [a ^ _times(b, factor) for a, b in zip([*left[1:], 0], generator[1:], strict=True)]
    return left


def _symbol(version: int, bits: list[bool], mask: int) -> Symbol:
    size = 17 + 4 * version
    modules: Matrix = [[False] * size for _ in range(size)]
    free: Matrix = [[True] * size for _ in range(size)]

    def fix(row: int, col: int, dark: bool) -> None:
        if 0 <= row < size and 0 <= col < size:
            modules[row][col], free[row][col] = dark, False

    for place in range(size):
        fix(6, place, place % 2 == 0)
        fix(place, 6, place % 2 == 0)
    for top, left in ((0, 0), (0, size - 7), (size - 7, 0)):
        _square(fix, top + 3, left + 3, 4)
    if version > 1:
        _square(fix, size - 7, size - 7, 2)
    _format(fix, size, mask)
    for (row, col), bit in zip(_path(free), [*bits, *[False] * 7], strict=False):
        modules[row][col] = bit != _MASKS[mask](row, col)
    return Symbol(modules, free, mask)


def _square(fix: Callable[[int, int, bool], None], row: int, col: int, reach: int) -> None:
    """Draw a finder (reach 4, with its light border) or an alignment pattern (reach 2) around its middle."""
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            distance = max(abs(down), abs(right))
            fix(row + down, col + right, distance not in ((2, 4) if reach == 4 else (1,)))


def _format(fix: Callable[[int, int, bool], None], size: int, mask: int) -> None:
    """Write level and mask, with their BCH check, in both places (8.9)."""
    word = FORMAT_M << 3 | mask
    check = word
    for _ in range(10):
        check = check << 1 ^ (check >> 9) * 0x537
    whole = (word << 10 | check) ^ 0x5412
    bits = [bool(whole >> n & 1) for n in range(15)]
    for n in range(15):
        first = n if n < 6 else n + 1 if n < 8 else size - 15 + n
        second = size - 1 - n if n < 8 else 15 - n if n < 9 else 14 - n
        fix(first, 8, bits[n])
        fix(8, second, bits[n])
    fix(size - 8, 8, True)


def _path(free: Matrix) -> Iterator[tuple[int, int]]:
    """Walk the free modules in pairs of columns from the right, up and down in turn."""
    size, upward = len(free), True
    for right in [*range(size - 1, 6, -2), *range(5, 0, -2)]:
        for step in range(size):
            row = size - 1 - step if upward else step
            for col in (right, right - 1):
                if free[row][col]:
                    yield row, col
        upward = not upward


def _penalty(modules: Matrix) -> int:
    """Score what readers find hard: long runs, solid squares, an unequal share of dark (7.8.3)."""
    size = len(modules)
    lines = [*modules, *[list(column) for column in zip(*modules, strict=True)]]
    runs = 0
    for line in lines:
        length = 1
        for before, here in zip(line, [*line[1:], None], strict=True):
            if before == here:
                length += 1
                continue
            runs += length - 2 if length >= 5 else 0
            length = 1
    squares = sum(
        modules[row][col] == modules[row][col + 1] == modules[row + 1][col] == modules[row + 1][col + 1]
        for row in range(size - 1)
        for col in range(size - 1)
    )
    dark = sum(map(sum, modules))
    return runs + 3 * squares + 10 * int(abs(20 * dark - 10 * size * size) / (size * size))

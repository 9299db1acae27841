"""The QR code is read back by a reader written from the other end: find, unmask, correct nothing, decode."""

import pytest

from app.accounts.qr import _BLOCKS, _MASKS, _path, _times, encode, svg

FORMAT_WORDS = {  # ISO/IEC 18004 table C.1, level M, by mask
    0: "101010000010010", 1: "101000100100101", 2: "101111001111100", 3: "101101101001011",
    4: "100010111111001", 5: "100000011001110", 6: "100111110010111", 7: "100101010100000",
}  # fmt: skip
URI = "otpauth://totp/Fahui:12345678?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Fahui"
TEXTS = ["a", URI, "法惠", *("x" * length for length in (14, 26, 40, 60, 83, 104))]


def read_format(modules: list[list[bool]]) -> tuple[str, str]:
    size = len(modules)
    beside = [modules[8][col] for col in (0, 1, 2, 3, 4, 5, 7, 8)] + [modules[row][8] for row in (7, 5, 4, 3, 2, 1, 0)]
    apart = [modules[row][8] for row in range(size - 1, size - 8, -1)] + [
        modules[8][col] for col in range(size - 8, size)
    ]
    return "".join("01"[bit] for bit in beside), "".join("01"[bit] for bit in apart)


def syndromes(block: list[int], checks: int) -> list[int]:
    found, root = [], 1
    for _ in range(checks):
        value = 0
        for word in block:
            value = _times(value, root) ^ word
        found.append(value)
        root = _times(root, 2)
    return found


@pytest.mark.parametrize("text", TEXTS)
def test_a_reader_gets_the_text_back_with_no_error_to_correct(text: str) -> None:
    symbol = encode(text)
    mask = next(number for number, word in FORMAT_WORDS.items() if word == read_format(symbol.modules)[0])
    assert read_format(symbol.modules) == (FORMAT_WORDS[mask], FORMAT_WORDS[mask])
    bits = [symbol.modules[row][col] != _MASKS[mask](row, col) for row, col in _path(symbol.free)]
    words = [int("".join("01"[bit] for bit in bits[at : at + 8]), 2) for at in range(0, len(bits) - 7, 8)]
    count, total, size = _BLOCKS[(len(symbol.modules) - 17) // 4]
    assert len(words) == count * total
    data = [words[block : count * size : count] for block in range(count)]
    checks = [words[count * size + block :: count] for block in range(count)]
    for content, check in zip(data, checks, strict=True):
        assert set(syndromes(content + check, total - size)) == {0}
    stream = "".join(f"{word:08b}" for block in data for word in block)
    length = int(stream[4:12], 2)
    read = bytes(int(stream[12 + 8 * at : 20 + 8 * at], 2) for at in range(length))
    assert stream[:4] == "0100"
    assert read.decode() == text


def test_the_three_finders_and_the_dark_module_stand_where_a_camera_looks() -> None:
    modules = encode(URI).modules
    size = len(modules)
    finder = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]
    for top, left in ((0, 0), (0, size - 7), (size - 7, 0)):
        seen = ["".join("01"[modules[top + row][left + col]] for col in range(7)) for row in range(7)]
        assert seen == finder
    assert modules[size - 8][8]


def test_a_text_that_does_not_fit_is_refused_and_the_picture_has_a_quiet_border() -> None:
    with pytest.raises(ValueError, match="too long"):
        encode("x" * 107)
    assert 'viewBox="0 0 29 29"' in svg("a")
    assert "M0 " not in svg("a")

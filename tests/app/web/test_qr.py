"""A code on a page carries exactly its text."""

import re

import segno
from markupsafe import Markup

from app.web import qr

ADDRESS = "otpauth://totp/法惠:volunteer?secret=JBSWY3DPEHPK3PXP&issuer=法惠"


def test_the_picture_holds_the_modules_of_the_code_inside_a_quiet_margin() -> None:
    picture = qr.svg(ADDRESS)
    code = segno.make_qr(ADDRESS, error="m")
    drawn = {(int(x) - qr.QUIET, int(y) - qr.QUIET) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", picture)}
    dark = {(x, y) for y, line in enumerate(code.matrix) for x, one in enumerate(line) if one}
    assert drawn == dark
    assert f'viewBox="0 0 {len(code.matrix) + 8} {len(code.matrix) + 8}"' in picture
    assert isinstance(picture, Markup)


def test_another_text_is_another_picture() -> None:
    assert qr.svg("a") != qr.svg("b")

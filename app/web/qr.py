"""A QR code as SVG, drawn dark on light whatever the page's colours are (ISO/IEC 18004)."""

import segno
from markupsafe import Markup

QUIET = 4
"""The margin in modules that readers need."""


def svg(text: str) -> Markup:
    """Return the code of a text as one image with a viewBox; the page says in words what it is for."""
    code = segno.make_qr(text, error="m")
    size = code.symbol_size(border=QUIET)[0]
    path = "".join(
        f"M{column + QUIET} {row + QUIET}h1v1h-1z"
        for row, line in enumerate(code.matrix)
        for column, dark in enumerate(line)
        if dark
    )
    return Markup(  # noqa: S704 - digits and letters of our own
        f'<svg class="qr" viewBox="0 0 {size} {size}" width="232" height="232" role="img" aria-hidden="true">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{path}" fill="#000"/></svg>'
    )

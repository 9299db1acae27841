"""The closing file of a contract with the units of a district's year, each with photographs as phones take them."""

import io
import random
import sys
import time

from PIL import Image

from benchmarks.alone import measured_alone

UNITS, LIMIT_SECONDS = 60, 10.0
SIZE, GRAIN = (2048, 1536), 6


def photograph(number: int) -> bytes:
    """Return a JPEG of about a megabyte: noise in coarse grains, as a hall full of people compresses."""
    grains = (SIZE[0] // GRAIN, SIZE[1] // GRAIN)
    noise = Image.frombytes("RGB", grains, random.Random(number).randbytes(grains[0] * grains[1] * 3))
    kept = io.BytesIO()
    noise.resize(SIZE, Image.Resampling.BICUBIC).save(kept, "JPEG", quality=85)
    return kept.getvalue()


async def measure() -> None:
    """Measure and print."""
    from procurement.deliveries.closing_file.service import closing_bundle, closing_document
    from tests.procurement.deliveries.test_closing_file import delivered

    here, reference, files = await delivered(UNITS, photograph)
    originals = sum(len(one) for of_unit in files.values() for one in of_unit)
    for form, make in (("PDF", closing_document), ("ZIP", closing_bundle)):
        began = time.perf_counter()
        made = await make(here.who.officer, reference)
        seconds = time.perf_counter() - began
        verdict = "reached" if seconds <= LIMIT_SECONDS else "NOT reached"
        print(
            f"  {f'closing file, {UNITS} units, {form}':28} {seconds:7.2f} s  {len(made) / 1e6:6.1f} MB of"
            f" {originals / 1e6:.1f} MB originals  {seconds / LIMIT_SECONDS:.2f} of {LIMIT_SECONDS:.0f} s ({verdict})",
            flush=True,
        )


async def _by_itself() -> None:
    from app.composition import bring_up_to_date, compose
    from app.core import storage

    compose()
    async with storage.server():
        await bring_up_to_date()
        async with storage.opened():
            await measure()


def main() -> int:
    """Measure this alone: `python -m benchmarks.closing`."""
    return measured_alone(_by_itself)


if __name__ == "__main__":
    sys.exit(main())

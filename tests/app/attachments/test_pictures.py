"""Where a picture was taken leaves no trace, and the picture stays what it was."""

import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.attachments.pictures import NotReadable, without_traces

GPS, MAKE, ORIENTATION = 0x8825, 0x010F, 0x0112
SECRET = b"Hangzhou-Telephone-7"


def camera(kind: str, turned: int = 6) -> bytes:
    """Return a picture as a phone writes it: with its maker, its position and how it was held."""
    exif = Image.Exif()
    exif[MAKE], exif[ORIENTATION] = SECRET.decode(), turned
    exif.get_ifd(GPS).update({1: "N", 2: (30.0, 15.0, 0.0), 3: "E", 4: (120.0, 10.0, 0.0)})
    file = io.BytesIO()
    Image.effect_noise((40, 30), 60).convert("RGB").save(file, kind, exif=exif.tobytes())
    return file.getvalue()


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
def test_position_and_device_are_gone_and_every_pixel_is_there(kind: str, media_type: str) -> None:
    before = camera(kind)
    assert SECRET in before
    after = without_traces(before, media_type)
    assert SECRET not in after
    shown = Image.open(io.BytesIO(after))
    assert not shown.getexif().get_ifd(GPS)
    assert shown.tobytes() == Image.open(io.BytesIO(before)).tobytes()
    assert without_traces(after, media_type) == after


@pytest.mark.parametrize("turned", range(2, 9))
def test_a_photo_stays_turned_as_it_was_held(turned: int) -> None:
    after = without_traces(camera("JPEG", turned), "image/jpeg")
    assert Image.open(io.BytesIO(after)).getexif()[ORIENTATION] == turned


def test_what_a_phone_hangs_behind_the_picture_is_cut_off() -> None:
    after = without_traces(camera("JPEG") + b"a film with a voice", "image/jpeg")
    assert after.endswith(b"\xff\xd9")
    assert b"voice" not in after


def test_a_progressive_photo_keeps_all_its_scans() -> None:
    file = io.BytesIO()
    picture = Image.effect_noise((80, 60), 60).convert("RGB")
    picture.save(file, "JPEG", progressive=True, comment=SECRET)
    after = without_traces(file.getvalue(), "image/jpeg")
    assert SECRET not in after
    assert Image.open(io.BytesIO(after)).tobytes() == Image.open(io.BytesIO(file.getvalue())).tobytes()


def test_other_files_stay_as_they_are() -> None:
    assert without_traces(b"%PDF-1.7 sheet", "application/pdf") == b"%PDF-1.7 sheet"


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
def test_a_picture_that_ends_in_the_middle_is_refused(kind: str, media_type: str) -> None:
    whole = camera(kind)
    with pytest.raises(NotReadable):
        without_traces(whole[: len(whole) // 2], media_type)


@given(st.binary(max_size=300), st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x00\x00\x00WEBP"]))
def test_no_bytes_break_it(body: bytes, magic: bytes) -> None:
    kinds = {b"\xff": "image/jpeg", b"\x89": "image/png", b"R": "image/webp"}
    with contextlib.suppress(NotReadable):
        without_traces(magic + body, kinds[magic[:1]])

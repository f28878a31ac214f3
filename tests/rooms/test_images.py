"""Pictures: accepted by content, freed from hidden data, sized, or refused with words that help."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from django.core.files.storage import InMemoryStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from lysekil_trygghet.publishing import images


def encoded(picture: Image.Image, kind: str = "JPEG", **options) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def photo(width: int = 640, height: int = 480) -> Image.Image:
    """Red on the left half, blue on the right."""
    picture = Image.new("RGB", (width, height), "red")
    picture.paste("blue", (width // 2, 0, width, height))
    return picture


def upload(data: bytes, name: str = "bild.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def opened(data: bytes) -> Image.Image:
    picture = Image.open(BytesIO(data))
    picture.load()
    return picture


def exif_with_position() -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Hemlig kamera"
    exif[ExifTags.Base.ImageDescription] = "Hemlig beskrivning"
    exif[ExifTags.IFD.GPSInfo] = {1: "N", 2: (58.0, 16.0, 27.0), 3: "E", 4: (11.0, 26.0, 9.0)}
    return exif


# --- Accepted ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("name", ["bild.jpg", "bild.exe", "", "../../etc/passwd", "möte.PNG"])
def test_the_content_decides_not_the_name(kind, name):
    prepared = images.prepare_picture(upload(encoded(photo(), kind), name or "x"))
    assert [(size.width, size.height) for size in prepared.sizes] == [(480, 360), (640, 480)]
    for size in prepared.sizes:
        assert (opened(size.webp).format, opened(size.jpeg).format) == ("WEBP", "JPEG")
        assert opened(size.webp).size == opened(size.jpeg).size == (size.width, size.height)
        assert (size.webp_name, size.jpeg_name) == (
            f"{prepared.id}-{size.width}.webp",
            f"{prepared.id}-{size.width}.jpg",
        )


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (2400, 1200, [(480, 240), (960, 480), (1600, 800)]),
        (1600, 900, [(480, 270), (960, 540), (1600, 900)]),
        (1000, 500, [(480, 240), (960, 480), (1000, 500)]),
        (480, 320, [(480, 320)]),
        (200, 300, [(200, 300)]),
        (4000, 3000, [(480, 360), (960, 720), (1600, 1200)]),
    ],
)
def test_sizes_never_wider_than_the_picture(width, height, expected):
    prepared = images.prepare_picture(upload(encoded(photo(width, height))))
    assert [(size.width, size.height) for size in prepared.sizes] == expected


def test_names_cannot_be_guessed():
    data = encoded(photo())
    ids = {images.prepare_picture(upload(data)).id for _turn in range(5)}
    assert len(ids) == 5
    assert all(len(name) == 24 for name in ids)


def test_position_camera_and_comments_are_left_behind():
    data = encoded(
        photo(), exif=exif_with_position(), comment=b"Hemlig kommentar", xmp=b"<x:xmpmeta>Hemlig</x:xmpmeta>"
    )
    assert opened(data).getexif().get_ifd(ExifTags.IFD.GPSInfo)
    assert data.count(b"Hemlig") == 4
    for size in images.prepare_picture(upload(data)).sizes:
        for made in (size.webp, size.jpeg):
            assert b"Hemlig" not in made
            assert b"Exif" not in made
            assert not opened(made).getexif()
            assert not {"exif", "xmp", "comment", "icc_profile"} & opened(made).info.keys()


def test_text_in_a_png_is_left_behind():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "Hemlig")
    for size in images.prepare_picture(
        upload(encoded(photo(), "PNG", pnginfo=notes, exif=exif_with_position()))
    ).sizes:
        assert b"Hemlig" not in size.webp + size.jpeg


@pytest.mark.parametrize(("orientation", "size", "red_corner"), [
    (1, (480, 240), (0, 0)),
    (3, (480, 240), (479, 239)),
    (6, (240, 480), (0, 0)),
    (8, (240, 480), (0, 479)),
])  # fmt: skip
def test_a_turned_photo_stands_upright(orientation, size, red_corner):
    exif = exif_with_position()
    exif[ExifTags.Base.Orientation] = orientation
    made = opened(images.prepare_picture(upload(encoded(photo(480, 240), exif=exif))).sizes[-1].jpeg)
    assert made.size == size
    red, _green, blue = made.getpixel(red_corner)
    assert red > 200
    assert blue < 60


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16", "CMYK"])
def test_every_kind_of_colour_becomes_rgb(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    source = (
        Image.new("I;16", (500, 400), 65535) if mode == "I;16" else Image.new("RGB", (500, 400), "white").convert(mode)
    )
    made = opened(images.prepare_picture(upload(encoded(source, kind))).sizes[-1].jpeg)
    assert made.mode == "RGB"
    assert min(made.getpixel((5, 5))) > 245


def test_what_is_transparent_becomes_white():
    made = opened(
        images.prepare_picture(upload(encoded(Image.new("RGBA", (300, 200), (0, 0, 0, 0)), "PNG"))).sizes[0].jpeg
    )
    assert min(made.getpixel((5, 5))) > 245


def test_a_colour_profile_is_used_and_left_behind():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = opened(images.prepare_picture(upload(encoded(photo(), icc_profile=profile))).sizes[-1].jpeg)
    assert "icc_profile" not in made.info
    assert made.getpixel((5, 5))[0] > 200
    images.prepare_picture(upload(encoded(photo(), icc_profile=b"not a profile")))


def test_of_moving_pictures_the_first_one_is_kept():
    data = encoded(photo(), "WEBP", save_all=True, append_images=[Image.new("RGB", (640, 480), "green")])
    made = opened(images.prepare_picture(upload(data)).sizes[-1].jpeg)
    assert made.getpixel((5, 5))[0] > 200


def test_files_are_stored_as_the_page_needs_them():
    storage = InMemoryStorage()
    prepared = images.prepare_picture(upload(encoded(photo(500, 250))))
    stored = images.store(prepared, storage=storage)
    assert stored == [
        {"width": 480, "height": 240, "webp": f"{prepared.id}-480.webp", "jpeg": f"{prepared.id}-480.jpg"},
        {"width": 500, "height": 250, "webp": f"{prepared.id}-500.webp", "jpeg": f"{prepared.id}-500.jpg"},
    ]
    with storage.open(stored[1]["webp"]) as file:
        assert file.read() == prepared.sizes[1].webp


# --- Refused ----------------------------------------------------------------------------------------


def png_that_claims(width: int, height: int) -> bytes:
    """A few bytes that say they are an enormous picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


def zip_behind(data: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("x.class", "x")
    return data + out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hej",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<!doctype html><html><script>alert(1)</script></html>",
        b"%PDF-1.7 x",
        b"BM" + b"\0" * 100,
        encoded(photo(), "GIF"),
        encoded(photo(), "BMP"),
        encoded(photo(), "TIFF"),
        encoded(photo(), "ICO"),
        b" " + encoded(photo()),
        encoded(photo(), comment=b"<script>alert(1)</script>"),
        encoded(photo()) + b"<html><body>x</body></html>",
        encoded(photo(), "PNG") + b"<?php system($_GET['x']); ?>",
        encoded(photo(), "WEBP") + b"<SVG onload=alert(1)>",
        encoded(photo(), comment=b"%PDF-1.4 x"),
        zip_behind(encoded(photo())),
        zip_behind(encoded(photo(), "PNG")),
    ],
)
def test_what_is_no_picture_or_more_than_a_picture_is_refused(data):
    with pytest.raises(images.NotAPicture, match="JPEG, PNG eller WebP"):
        images.prepare_picture(BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("keep", [0.02, 0.3, 0.7])
def test_half_a_file_is_refused(kind, keep):
    noise = Image.effect_noise((400, 300), 80).convert("RGB")
    data = encoded(noise, kind)
    with pytest.raises(images.PictureBroken, match="skadad"):
        images.prepare_picture(upload(data[: max(20, int(len(data) * keep))]))


@pytest.mark.parametrize("beginning", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\0\0\0WEBP"])
def test_nonsense_after_the_right_beginning_is_refused(beginning):
    for filling in (b"", b"\0" * 500, b"\xff" * 500, bytes(range(256)) * 4):
        with pytest.raises(images.PictureRefused):
            images.prepare_picture(BytesIO(beginning + filling))


@pytest.mark.parametrize(
    ("width", "height"), [(8000, 5001), (20_000, 10_000), (50_000, 50_000), (2**31 - 1, 2**31 - 1)]
)
def test_too_many_pixels_are_refused_before_decoding(width, height):
    with pytest.raises(images.PictureTooManyPixels, match="40 miljoner"):
        images.prepare_picture(upload(png_that_claims(width, height)))


@pytest.mark.parametrize(("width", "height"), [(1, 1), (15, 400), (100, 900), (4000, 400)])
def test_odd_shapes_are_refused(width, height):
    with pytest.raises(images.PictureOddShape, match="för liten eller för smal"):
        images.prepare_picture(upload(encoded(photo(width, height), "PNG")))


def test_too_heavy_is_refused_without_reading_it():
    class Heavy:
        size = images.MAX_BYTES + 1

        def read(self, size: int = -1) -> bytes:
            raise AssertionError("it was read")

    with pytest.raises(images.PictureTooHeavy, match="10 MB"):
        images.prepare_picture(Heavy())


def test_too_heavy_is_refused_when_the_size_is_not_told():
    with pytest.raises(images.PictureTooHeavy):
        images.prepare_picture(BytesIO(encoded(photo()) + b"\0" * images.MAX_BYTES))


def test_an_upload_that_was_read_before_is_read_from_its_beginning():
    file = upload(encoded(photo()))
    file.read()
    assert images.prepare_picture(file).sizes

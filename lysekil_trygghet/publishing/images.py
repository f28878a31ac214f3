"""Pictures made safe to show: decoded by real content, stripped of hidden data, in sizes for phone and desktop.

Nothing of the uploaded file survives but its pixels: position, camera, comments and anything hidden in the file
are left behind, and so is its name.
"""

from __future__ import annotations

import re
import secrets
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Protocol

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
MIN_SIDE = 16
MAX_RATIO = 8
WIDTHS = (480, 960, 1600)
QUALITY = {
    "WEBP": {"quality": 80, "method": 4},
    "JPEG": {"quality": 82, "optimize": True, "progressive": True},
}

_FORMATS = ("JPEG", "PNG", "WEBP")
_BEGINNINGS = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|RIFF.{4}WEBP", re.DOTALL)
# A file that is a picture and something else at once. Long enough not to turn up by chance in picture data.
_ALSO_A_PAGE = re.compile(rb"<script[\s>/]|<!doctype|<html[\s>]|<\?php|<svg\s|<iframe[\s>]", re.IGNORECASE)
_PDF_MUST_BEGIN_WITHIN = 1024


class PictureRefused(ValueError):
    """The file cannot be used as a picture; `str()` says what to do instead."""

    message: str | Promise = _("Filen går inte att använda som bild. Välj en annan bild.")

    def __str__(self) -> str:
        return str(self.message)


class PictureTooHeavy(PictureRefused):
    message = _("Bilden är större än 10 MB. Spara den i mindre format och välj den igen.")


class PictureTooManyPixels(PictureRefused):
    message = _("Bilden har fler än 40 miljoner bildpunkter. Spara den i mindre format och välj den igen.")


class PictureOddShape(PictureRefused):
    message = _("Bilden är för liten eller för smal. Välj en större bild.")


class NotAPicture(PictureRefused):
    message = _("Filen är inte en bild i formatet JPEG, PNG eller WebP. Välj en annan fil.")


class PictureBroken(PictureRefused):
    message = _("Bilden går inte att öppna. Filen kan vara skadad. Öppna den, spara om den och välj den igen.")


class Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True)
class PreparedSize:
    width: int
    height: int
    webp_name: str
    webp: bytes
    jpeg_name: str
    jpeg: bytes


@dataclass(frozen=True)
class PreparedPicture:
    """`sizes` go from the narrowest to the widest; no size is wider than the picture itself."""

    id: str
    sizes: tuple[PreparedSize, ...]


def prepare_picture(upload: Readable) -> PreparedPicture:
    """Reads an upload and makes its sizes. Refuses with a `PictureRefused` that tells what to do."""
    picture = _decoded(_contents(upload))
    name = secrets.token_hex(12)
    return PreparedPicture(id=name, sizes=tuple(_sizes(picture, name)))


def store(picture: PreparedPicture, *, storage: Storage) -> list[dict[str, Any]]:
    """Writes all files and returns what the page needs: width, height and the two names of each size."""
    stored = []
    for size in picture.sizes:
        webp = storage.save(size.webp_name, ContentFile(size.webp))
        jpeg = storage.save(size.jpeg_name, ContentFile(size.jpeg))
        stored.append({"width": size.width, "height": size.height, "webp": webp, "jpeg": jpeg})
    return stored


# --- From the uploaded bytes to pixels --------------------------------------------------------------


def _contents(upload: Readable) -> bytes:
    declared = getattr(upload, "size", None)
    if isinstance(declared, int) and declared > MAX_BYTES:
        raise PictureTooHeavy
    if hasattr(upload, "seek"):
        upload.seek(0)
    data = upload.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise PictureTooHeavy
    if not _BEGINNINGS.match(data) or _is_also_something_else(data):
        raise NotAPicture
    return data


def _is_also_something_else(data: bytes) -> bool:
    return (
        _ALSO_A_PAGE.search(data) is not None
        or b"%PDF-" in data[:_PDF_MUST_BEGIN_WITHIN]
        or zipfile.is_zipfile(BytesIO(data))
    )


def _decoded(data: bytes) -> Image.Image:
    """The picture upright, in plain RGB, without anything but its pixels."""
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as opened:
            width, height = opened.size
            if width * height > MAX_PIXELS:
                raise PictureTooManyPixels
            if min(width, height) < MIN_SIDE or max(width, height) > MAX_RATIO * min(width, height):
                raise PictureOddShape
            # JPEG can be decoded at a fraction of its size; both sides stay at least this long.
            opened.draft("RGB", (WIDTHS[-1], WIDTHS[-1]))
            opened.load()
            upright = _turned(opened)
            return _flattened(_in_plain_colours(upright))
    except PictureRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as problem:
        raise PictureTooManyPixels from problem
    except Exception as problem:
        # Decoders of damaged files raise all kinds of things (OSError, SyntaxError, struct.error, …).
        raise PictureBroken from problem


def _turned(picture: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # hidden data that cannot be read says nothing about the pixels
        return picture


def _in_plain_colours(picture: Image.Image) -> Image.Image:
    """Colours as sRGB: the profile is left behind, so it has to be used first."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "CMYK"):
        return picture
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        turned = ImageCms.profileToProfile(
            picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB", inPlace=False
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return turned or picture


def _flattened(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):  # sixteen bits of grey
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    flat = Image.new("RGB", picture.size, "white")
    if picture.has_transparency_data:
        see_through = picture.convert("RGBA")
        flat.paste(see_through, mask=see_through.getchannel("A"))
    else:
        flat.paste(picture.convert("RGB"))
    return flat


# --- From pixels to files ---------------------------------------------------------------------------


def _sizes(picture: Image.Image, name: str) -> Iterator[PreparedSize]:
    widest = min(picture.width, WIDTHS[-1])
    for width in [*(width for width in WIDTHS if width < widest), widest]:
        height = max(1, round(picture.height * width / picture.width))
        sized = picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
        yield PreparedSize(
            width=width,
            height=height,
            webp_name=f"{name}-{width}.webp",
            webp=_encoded(sized, "WEBP"),
            jpeg_name=f"{name}-{width}.jpg",
            jpeg=_encoded(sized, "JPEG"),
        )


def _encoded(picture: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **QUALITY[kind])
    return out.getvalue()

"""Pictures of news: re-encoded, described in words, and gone from the disk when they are taken away."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django.core.files.storage import Storage, default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from incidents import policies
from incidents.models import Picture, PublicUpdate
from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import Refused, refuse_unless, require
from lysekil_trygghet.history.operations import locked
from lysekil_trygghet.publishing import images

from .news import edit_update


def add_picture(
    update: PublicUpdate,
    *,
    upload: images.Readable,
    alt: str,
    alt_en: str = "",
    credit: str = "",
    correction: str = "",
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
    storage: Storage = default_storage,
) -> PublicUpdate:
    """Give a piece of news this picture instead of the one it has. Raises `Refused` if the file is no picture.

    Nothing of the file is kept but its pixels, not even its name.
    """
    require(policies.can_write_public_texts(by))
    refuse_unless(alt.strip(), _("Beskriv bilden för den som inte ser den."))
    try:
        prepared = images.prepare_picture(upload)
    except images.PictureRefused as no:
        raise Refused(str(no)) from no
    sizes = images.store(prepared, storage=storage)
    try:
        with transaction.atomic():
            picture = Picture.objects.create(alt=alt, alt_en=alt_en, credit=credit, sizes=sizes, added_at=now)
            return _put(update, picture, correction=correction, by=by, now=now, seen=seen, storage=storage)
    except BaseException:
        _delete_files(sizes, storage)
        raise


@transaction.atomic
def describe_picture(
    update: PublicUpdate,
    *,
    alt: str,
    alt_en: str = "",
    credit: str = "",
    correction: str = "",
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> PublicUpdate:
    """Change the words of the picture. Approved news must be approved anew, published news say what was put right."""
    require(policies.can_write_public_texts(by))
    old = locked(update).picture
    refuse_unless(old is not None and alt.strip(), _("Beskriv bilden för den som inte ser den."))
    assert old is not None
    picture = Picture.objects.create(alt=alt, alt_en=alt_en, credit=credit, sizes=old.sizes, added_at=old.added_at)
    fresh = edit_update(update, values={"picture": picture}, by=by, now=now, seen=seen, correction=correction)
    old.delete()
    return fresh


@transaction.atomic
def remove_picture(
    update: PublicUpdate,
    *,
    correction: str = "",
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
    storage: Storage = default_storage,
) -> PublicUpdate:
    """Take the picture away, and its files from where they are kept."""
    return _put(update, None, correction=correction, by=by, now=now, seen=seen, storage=storage)


def _put(
    update: PublicUpdate,
    picture: Picture | None,
    *,
    correction: str,
    by: Actor,
    now: dt.datetime,
    seen: int | None,
    storage: Storage,
) -> PublicUpdate:
    old = locked(update).picture
    fresh = edit_update(update, values={"picture": picture}, by=by, now=now, seen=seen, correction=correction)
    if old is not None:
        old.delete()
        # A file that could not be removed is shown to nobody: which are shown is asked of the database.
        transaction.on_commit(partial(_delete_files, old.sizes, storage), robust=True)
    return fresh


def _delete_files(sizes: list[dict[str, Any]], storage: Storage) -> None:
    for size in sizes:
        for kind in ("webp", "jpeg"):
            storage.delete(size[kind])

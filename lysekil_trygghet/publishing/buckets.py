"""Pictures and files read in a bucket that several machines reach (MEDIA_STORAGE), instead of on one machine's disk.

Any server that speaks S3 will do. Nothing in the bucket is open to anybody: every file goes through the portal, which
asks each time who may see it, as it does with files on disk.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3File, S3Storage

from .away import StorageAway

CONNECT_SECONDS, READ_SECONDS, TRIES = 3, 15, 2
HELD_IN_MEMORY = 12 * 1024 * 1024


@contextmanager
def _told_plainly() -> Iterator[None]:
    """`StorageAway` for a server that is away, refuses us or is broken, with the kind of fault alone."""
    try:
        yield
    except BotoCoreError as error:
        raise StorageAway(type(error).__name__) from error
    except ClientError as error:
        raise StorageAway(error.response.get("Error", {}).get("Code", "ClientError")) from error


class BucketFile(S3File):
    def _get_file(self) -> Any:
        with _told_plainly():
            return super()._get_file()

    file = property(_get_file, S3File._set_file)


class BucketStorage(S3Storage):
    """Raises `StorageAway` when the server does not answer, and `FileNotFoundError` for what is not there."""

    def __init__(self, **options: Any) -> None:
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"total_max_attempts": TRIES},
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            # Many servers that speak S3 do not know the newer checksums.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(
            client_config=config, default_acl=None, file_overwrite=False, max_memory_size=HELD_IN_MEMORY, **options
        )

    def exists(self, name: str) -> bool:
        with _told_plainly():
            return super().exists(name)

    def _open(self, name: str, mode: str = "rb") -> File:
        with _told_plainly():
            name = self._normalize_name(name.replace("\\", "/"))
            try:
                return BucketFile(name, mode, self)
            except ClientError as error:
                if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                    raise FileNotFoundError(name) from error
                raise

    def _save(self, name: str, content: File) -> str:
        with _told_plainly():
            return super()._save(name, content)

    def delete(self, name: str) -> None:
        with _told_plainly():
            super().delete(name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with _told_plainly():
            return super().listdir(name)

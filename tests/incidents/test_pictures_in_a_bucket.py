"""Pictures and files read in a bucket instead of on disk: the same rules, on a server that speaks S3."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone

from incidents.models import Picture
from incidents.operations import publication
from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.backups import folder, restoring, stores, taking
from lysekil_trygghet.publishing.away import StorageAway
from lysekil_trygghet.settings import MEDIA_ROOT, _storage
from situation.models import DatasetImport
from situation.operations import imports
from tests import make_incidents as mk
from tests import make_situation
from tests.processes.servers import Running, free_port, port_answers, wait_until
from tests.situation.test_imports import GOOD, NOW, begun, numbers, stored, written

# The very tests of pictures on disk, run once more: what they mean by a file is now a thing in the bucket.
from .test_pages_news import (  # noqa: F401
    add_picture,
    fresh,
    sent_file,
    test_a_picture_is_added_shown_inside_and_outside_only_when_published,
    test_a_picture_needs_words_and_must_be_one,
    test_a_picture_of_published_news_is_changed_with_a_correction,
    test_an_exchanged_or_removed_picture_leaves_no_file,
    test_other_files_are_never_sent,
    test_the_words_of_a_picture_are_changed_and_the_files_stay,
)
from .typed import picture_file

pytestmark = [pytest.mark.django_db, pytest.mark.same_everywhere]

KEY, PASSWORD, BUCKET = "AKIDEXAMPLE", "hemlig/nyckel+1", "trygghet"


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[str]:
    """The address of a server that speaks S3, with one closed bucket."""
    port = free_port()
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    log = tmp_path_factory.mktemp("s3") / "server.log"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    running = Running(command, log=log, env=environment)
    try:
        wait_until(lambda: port_answers(port), seconds=30, what="the S3 server starts")
        yield f"127.0.0.1:{port}"
    finally:
        running.stop()


@pytest.fixture(autouse=True)
def bucket(server, settings, monkeypatch) -> Iterator:
    """The portal as MEDIA_STORAGE sets it up; the bucket itself, emptied, for the test's own eyes."""
    url = f"s3+http://{KEY}:{PASSWORD.replace('/', '%2F')}@{server}/{BUCKET}?region=eu-north-1"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": _storage(url, MEDIA_ROOT),
        "imports": _storage(url, Path("imports")),
    }
    monkeypatch.setattr(DatasetImport._meta.get_field("raw"), "storage", storages["imports"])
    connection = boto3.resource(
        "s3",
        endpoint_url=f"http://{server}",
        aws_access_key_id=KEY,
        aws_secret_access_key=PASSWORD,
        region_name="eu-north-1",
    )
    made = connection.Bucket(BUCKET)
    made.create(CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    yield made
    made.objects.all().delete()
    made.delete()


def test_the_files_are_in_the_bucket_under_names_that_say_nothing(client_as, bucket):
    update = mk.update()
    assert add_picture(client_as("communicator"), update, upload=picture_file()).status_code == 303
    names = {size[kind] for size in fresh(update).picture.sizes for kind in ("webp", "jpeg")}

    assert {one.key for one in bucket.objects.all()} == {f"media/{name}" for name in names}
    for one in bucket.objects.all():
        assert {grant["Grantee"].get("URI") for grant in one.Acl().grants} == {None}, "nobody else may read it"


def test_a_withdrawn_picture_is_gone_and_a_lost_one_is_missing(client_as, bucket):
    update = mk.update()
    add_picture(client_as("communicator"), update, upload=picture_file())
    update = publication.approve(fresh(update), by=mk.acting("director"), now=timezone.now())
    update = publication.publish(update, by=mk.acting("communicator"), now=timezone.now())
    first, last = (f"/bilder/{update.picture.sizes[number]['webp']}" for number in (0, -1))
    assert sent_file(Client(), first) == (200, "image/webp")

    bucket.Object(f"media/{update.picture.sizes[0]['webp']}").delete()
    assert Client().get(first).status_code == 404
    publication.withdraw(update, reason="Fel bild.", by=mk.acting("communicator"), now=timezone.now())
    assert Client().get(f"{last}?").status_code == 404


def test_a_store_that_is_away_is_said_and_nothing_is_half_done(client_as, settings):
    update, client = mk.update(), client_as("communicator")
    add_picture(client, update, upload=picture_file())
    update = publication.approve(fresh(update), by=mk.acting("director"), now=timezone.now())
    update = publication.publish(update, by=mk.acting("communicator"), now=timezone.now())
    name, other = update.picture.sizes[0]["webp"], mk.update(title="En annan nyhet")

    settings.STORAGES = {
        **settings.STORAGES,
        "default": _storage(f"s3+http://{KEY}:x@127.0.0.1:{free_port()}/{BUCKET}", MEDIA_ROOT),
    }
    client.raise_request_exception = False
    resident = Client(raise_request_exception=False)
    began = time.monotonic()
    answer = resident.get(f"/bilder/{name}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "127.0.0.1" not in answer.content.decode()
    assert add_picture(client, other, upload=picture_file()).status_code == 503
    assert time.monotonic() - began < 20
    assert fresh(other).picture is None
    assert Picture.objects.count() == 1
    # The page itself is there, with its words.
    assert Client().get(update.public_url).status_code == 200


def test_wrong_keys_are_a_store_that_is_away(server, settings):
    storage = storages.create_storage(_storage(f"s3+http://{KEY}:x@{server}/nobodys-bucket", MEDIA_ROOT))
    with pytest.raises(StorageAway):
        storage.save("x.webp", picture_file())


def test_files_read_are_kept_beside_the_pictures_until_they_are_thrown_away(tmp_path, bucket, people):
    """A worker on another machine reads what a page on this one took."""
    source = make_situation.source(title="Anmälda brott")
    kept = written(tmp_path, "brott.csv", GOOD)
    done = stored(kept, source)
    assert numbers()["1430", "2024"] == 7
    (one,) = bucket.objects.filter(Prefix="imports/")
    assert done.sha256 in one.key
    assert one.get()["Body"].read().decode() == GOOD

    unreadable = begun(written(tmp_path, "annat.csv", "namn;färg\nx;y\n"), source)
    assert len(list(bucket.objects.filter(Prefix="imports/"))) == 2
    imports.check(unreadable, by=Actor.system(), now=NOW)
    assert [left.key for left in bucket.objects.filter(Prefix="imports/")] == [one.key]


def test_files_in_a_bucket_are_in_the_backup_and_come_back(bucket, tmp_path):
    whole = {"default": ("nyheter/öga 1.webp", b"a picture" * 1000), "imports": ("2026/siffror.csv", b"Region;2024\n")}
    for alias, (name, data) in whole.items():
        storages[alias].save(name, ContentFile(data))
    files = taking._Files(tmp_path)
    files.copy_new()
    part, number = folder.write_lines(tmp_path, folder.FILES, map(asdict, files.done))
    assert (number, part.file) == (2, "files.jsonl.gz")
    for alias, (name, _data) in whole.items():
        storages[alias].delete(name)

    places = stores.stores()
    assert restoring._put_files(tmp_path, places, replace=False) == []
    for alias, (name, data) in whole.items():
        with storages[alias].open(name) as file:
            assert file.read() == data
    # Once more: they are there already, and nothing is put under another name.
    assert restoring._put_files(tmp_path, places, replace=True) == []
    assert len(list(bucket.objects.all())) == 2


def test_a_bucket_that_is_away_is_told_before_anything_is_written(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": _storage(f"s3+http://{KEY}:x@127.0.0.1:{free_port()}/{BUCKET}", MEDIA_ROOT),
    }
    with pytest.raises(StorageAway):
        taking._Files(tmp_path).copy_new()

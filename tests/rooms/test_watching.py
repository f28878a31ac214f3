"""What /halsa/ says: is the process alive, and is every part of the portal?"""

from __future__ import annotations

import datetime as dt
import socket

import pytest
from django.core import mail
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from lysekil_trygghet.notifications import sweeping
from lysekil_trygghet.notifications.models import HoldReason, Message, SendingHold, SweepBeat
from lysekil_trygghet.notifications.operations import plan
from lysekil_trygghet.notifications.tasks import sweep as sweep_task
from lysekil_trygghet.watching import checks
from lysekil_trygghet.watching.models import Source, Tick

from .ledger import LATER, due

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ledger_settings", "asked_anew")]


@pytest.fixture
def asked_anew():
    checks.forget()
    yield
    checks.forget()


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ready(client: Client) -> tuple[int, str]:
    checks.forget()
    answer = client.get("/halsa/redo")
    return answer.status_code, answer.content.decode()


def parts(client: Client) -> dict:
    checks.forget()
    answer = client.get("/halsa/redo", headers={"accept": "application/json"})
    return answer.json()["parts"]


def long_ago(settings) -> dt.timedelta:
    return dt.timedelta(seconds=3 * settings.SWEEP_SECONDS + 1)


def test_alive_needs_nothing(client: Client):
    answer = client.get("/halsa/liv")
    assert (answer.status_code, answer.content.decode()) == (200, "lever\n")


def test_ready_while_somebody_looks(client: Client):
    sweeping.sweep(now=LATER)
    answer = client.get("/halsa/redo")
    assert answer.status_code == 200
    assert answer.content.decode().startswith("redo\n")
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def test_not_ready_before_the_first_sweep_or_when_it_was_too_long_ago(client: Client, settings):
    assert ready(client)[0] == 503
    sweeping.sweep(now=LATER)
    beat = SweepBeat.objects.get()
    SweepBeat.objects.update(alive_at=beat.alive_at - long_ago(settings))
    status, words = ready(client)
    assert (status, words.splitlines()[0][:27]) == (503, "inte redo: påminnelserna: n")
    assert parts(client)["sweep"]["ok"] is False
    assert mail.outbox == []


def test_a_worker_that_took_up_a_task_was_heard_of_and_beat_when_the_task_came_from_it(client: Client):
    assert {name: part["ok"] for name, part in parts(client).items() if name in ("worker", "beat")} == {
        "worker": None,
        "beat": None,
    }
    sweep_task.apply()
    assert (parts(client)["worker"]["ok"], parts(client)["beat"]["ok"]) == (True, None)
    sweep_task.apply(kwargs={"by": "beat"})
    assert (parts(client)["worker"]["ok"], parts(client)["beat"]["ok"]) == (True, True)
    assert Tick.objects.count() == 2
    assert ready(client)[0] == 200


@pytest.mark.parametrize("source", Source)
def test_a_worker_or_beat_that_has_gone_silent_is_told(client: Client, settings, source: Source):
    sweep_task.apply(kwargs={"by": "beat"})
    row = Tick.objects.get(source=source)
    Tick.objects.filter(source=source).update(at=row.at - long_ago(settings))
    status, words = ready(client)
    assert status == 503
    assert str(source.label) in words.splitlines()[0]
    assert [name for name, part in parts(client).items() if part["ok"] is False] == [source]


def test_mail_that_should_have_left_is_told_after_some_minutes(client: Client, head):
    sweeping.sweep(now=LATER)
    plan([due(1, user=head, moment=timezone.now() - dt.timedelta(minutes=9))], now=LATER)
    assert ready(client)[0] == 200
    Message.objects.update(moment=timezone.now() - dt.timedelta(minutes=11))
    status, words = ready(client)
    assert (status, "1 mejl är sent" in words.splitlines()[0]) == (503, True)
    assert "chef" not in words


def test_while_sending_is_held_nothing_is_late_but_a_forgotten_hold_is_told(client: Client, head):
    sweeping.sweep(now=LATER)
    plan([due(1, user=head)], now=LATER)
    hold = SendingHold.objects.create(reason=HoldReason.BY_HAND, note="Prov", held_by=head, since=timezone.now())
    status, words = ready(client)
    assert (status, "utskicken är pausade" in words) == (200, True)
    SendingHold.objects.filter(pk=hold.pk).update(since=timezone.now() - dt.timedelta(hours=25))
    assert ready(client)[0] == 503


def test_a_broker_nobody_answers_at_is_told_without_waiting(client: Client, settings, free_port):
    sweeping.sweep(now=LATER)
    settings.BROKER_URL = f"redis://127.0.0.1:{free_port}/0"
    status, words = ready(client)
    assert (status, words.splitlines()[0]) == (503, "inte redo: kön (Redis) svarar inte")
    # Load balancers do not mind: residents' pages need no broker.
    assert client.get("/halsa/liv").status_code == 200


def test_a_database_that_is_away_is_told_in_words_that_give_nothing_away(client: Client):
    def gone(execute, sql, params, many, context):
        raise OperationalError("connection to server at 10.0.0.5 refused")

    with connection.execute_wrapper(gone):
        status, words = ready(client)
    assert (status, words.splitlines()[0]) == (503, "inte redo: databasen svarar inte")
    assert "10.0.0.5" not in words


def test_many_questions_cost_one_look(client: Client, django_assert_num_queries):
    sweeping.sweep(now=LATER)
    ready(client)
    with django_assert_num_queries(0):
        assert client.get("/halsa/redo").status_code == 200

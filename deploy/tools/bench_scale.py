"""The pages people open most, with the content of one municipality and of all 290 in one database.

290 is 100,000 assignments, a million events and ten thousand promises. Judged is how much slower the pages become,
in the same run on the same machine.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.processes.migrated import fill
from tests.processes.servers import TEMPLATE, Postgres, portal_env, temporary_folder

ROOT = Path(__file__).resolve().parents[2]
MUNICIPALITIES = int(os.environ.get("BENCH_MUNICIPALITIES", "290"))
MOST = 2.0

FILL = """
import datetime as dt, random, sys
import django
django.setup()
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
call_command("createcachetable", verbosity=0)
call_command("collectstatic", "--noinput", verbosity=0)
from incidents.lifecycle import AssignmentState
from incidents.models import Assignment, ProgressNote
from lysekil_trygghet.accounts.demo import load_people
from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.history.models import Event
from pledges.models import Commitment, CommitmentParty, PledgeSet, PriorityArea
from tests import make_incidents as mk

ASSIGNMENTS, EVENTS, PROMISES = 345, 3450, 35
chance, now, DAY = random.Random(290), timezone.now(), dt.timedelta(days=1)
people = load_people(now=now)
kind = ContentType.objects.get_for_model(Assignment)
for number in range(int(sys.argv[1])):
    if number:
        departments = Organisation.objects.bulk_create(
            Organisation(slug=f"f-{number}-{n}", name=f"Förvaltning {number}:{n}", short_name=f"F {number}:{n}",
                         kind="DEPARTMENT") for n in range(6))
    else:
        departments = list(Organisation.objects.filter(kind="DEPARTMENT"))
    decision = mk.issued_assignment(now=now - 60 * DAY, due_at=now - 40 * DAY).decision
    made = Assignment.objects.bulk_create(
        Assignment(decision=decision, order=2 + n, organisation=departments[n % len(departments)],
                   title=f"Uppdrag {n}", instruction="Gör det.", issued_at=now - 60 * DAY, ladder_from=now - 60 * DAY,
                   due_at=now + DAY * chance.randrange(-300, 40), accepted_at=now if n % 20 else None,
                   state=AssignmentState.ACCEPTED if n % 20 else AssignmentState.ACKNOWLEDGED)
        for n in range(ASSIGNMENTS - 1))
    ProgressNote.objects.bulk_create(
        ProgressNote(assignment=one, organisation_id=one.organisation_id, how_far="STARTED", noted_at=now - 9 * DAY)
        for one in made[::4])
    Event.objects.bulk_create(
        Event(at=now - 60 * DAY + dt.timedelta(minutes=n), verb="progress_noted", subject_type=kind,
              subject_id=made[n % len(made)].pk, subject_label="Uppdrag", actor_label="Chef", details={})
        for n in range(EVENTS))
    year = PledgeSet.objects.create(
        slug=f"loften-{number}", title=f"Löften {number}", intro="Det här lovar vi.",
        state="CLOSED" if number else "PUBLISHED", period_start=dt.date(2026, 1, 1) - 7 * number * DAY,
        period_end=dt.date(2026, 12, 31) - 7 * number * DAY, published_at=now, closed_at=now if number else None,
        last_number=PROMISES)
    areas = PriorityArea.objects.bulk_create(
        PriorityArea(pledge_set=year, order=order, title=f"Område {order}", why="Det är otryggt.") for order in (1, 2))
    promises = Commitment.objects.bulk_create(
        Commitment(pledge_set=year, area=areas[n % 2], number=n, order=n, frozen_at=now, delivery_state="ONGOING",
                   text_as_promised=f"Fler vuxna ska vara ute på kvällarna, punkt {n}.")
        for n in range(1, PROMISES + 1))
    CommitmentParty.objects.bulk_create(
        CommitmentParty(commitment=one, organisation=departments[0], role="LEAD", delivery_state="ONGOING")
        for one in promises)
connection.cursor().execute("ANALYZE")
"""
ASK = """
import json, time
import django
django.setup()
from django.test import Client
from lysekil_trygghet.accounts.models import User
from lysekil_trygghet.accounts.demo import addresses
from lysekil_trygghet.publishing.pages import shelf
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
found = {}
def ask(name, path, who=None):
    client = Client(headers={"host": "127.0.0.1"})
    if who:
        client.force_login(User.objects.get(email=addresses()[who]), BACKEND)
    times = []
    for _ in range(40):
        shelf.clear()
        began = time.perf_counter()
        answer = client.get(path)
        b"".join(answer)
        times.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, (path, answer.status_code)
    found[name] = sorted(times[3:])[int(37 * 0.95)]
ask("overview", "/arbete/lage/", "director")
ask("my work", "/arbete/", "head_social")
ask("promise", "/loften/loften-0/7/")
ask("api", "/api/v1/commitments?page=1")
print(json.dumps(found))
"""


def main() -> int:
    failed = False
    found: list[dict[str, float]] = []
    with temporary_folder() as folder:
        server = Postgres(folder / "postgres").create().start(synchronous_commit="off")
        try:
            fill(server, TEMPLATE)
            for number in (1, MUNICIPALITIES):
                name = f"with_{number}"
                url = server.new_database(name, template=TEMPLATE)
                env = portal_env(folder / name, database_url=url, SECRET_KEY="bench-" * 10)
                env["DJANGO_SETTINGS_MODULE"] = "lysekil_trygghet.settings"
                run(env, FILL, str(number))
                found.append(json.loads(run(env, ASK).splitlines()[-1]))
        finally:
            server.stop()
    few, many = found
    for page, milliseconds in few.items():
        ratio = many[page] / milliseconds
        failed |= ratio > MOST
        print(
            f"scale       {page:<9} p95 {milliseconds:>6.1f} ms with one municipality, {many[page]:>6.1f} ms with "
            f"{MUNICIPALITIES}, {ratio:.2f} times (at most {MOST:.0f})"
        )
    return int(failed)


def run(env: dict[str, str], code: str, *words: str) -> str:
    done = subprocess.run([sys.executable, "-c", code, *words], cwd=ROOT, env=env, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())

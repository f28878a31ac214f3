"""The report-back through the browser's eyes: written, saved by itself, submitted, answered, shared, diarised."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from incidents.lifecycle import AssignmentState, MinutesState, ReportState
from incidents.models import Assignment, DraftShare, ReportBack
from incidents.operations import assignments, meetings, reports, rounds
from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.history.models import Event
from lysekil_trygghet.notifications.models import Obligation
from pledges.operations import agreements, plans
from tests import make_incidents as mk
from tests import make_pledges, make_situation

pytestmark = pytest.mark.django_db

NUMBER = "19121212-1212"
TEXT_FIELDS = ("done_text", "obstacles", "resources", "next_step", "off_track_reason", "public_text")
SUBMIT = {"lamna_in": "1", "secrecy_checked": "on"}


def at(name: str, thing: object) -> str:
    return reverse(f"incidents:{name}", args=[thing.pk])


def typed(**changes: str) -> dict[str, str]:
    """A whole report as a browser sends it from a page that saw no draft."""
    values = {"report": "1", "version": "0", "outcome": "DONE", "done_text": "Fyra kvällar på fältet."}
    return values | changes


def moment(name: str, when: dt.datetime) -> dict[str, str]:
    local = timezone.localtime(when)
    return {f"{name}_0": f"{local:%Y-%m-%d}", f"{name}_1": f"{local:%H:%M}"}


# --- Writing ----------------------------------------------------------------------------------------


def test_reading_the_form_makes_no_draft(client_as):
    assignment = mk.issued_assignment()
    page = client_as("officer_social").get(at("report", assignment))

    assert page.status_code == 200
    assert "Det här får aldrig stå i texten" in page.content.decode()
    assert not ReportBack.objects.exists()


def test_the_head_submits_in_one_go(client_as):
    assignment = mk.issued_assignment()
    answer = client_as("head_social").post(at("report", assignment), typed(**SUBMIT))

    report = ReportBack.objects.get()
    assignment.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (303, assignment.get_absolute_url())
    assert (report.state, report.done_text) == (ReportState.SUBMITTED, "Fyra kvällar på fältet.")
    assert report.secrecy_checked_at is not None
    assert assignment.state == AssignmentState.REPORTED


def test_a_double_click_submits_once(client_as):
    assignment = mk.issued_assignment()
    client = client_as("head_social")
    client.post(at("report", assignment), typed(**SUBMIT))
    again = client.post(at("report", assignment), typed(**SUBMIT), follow=True)

    assert ReportBack.objects.count() == 1
    assert again.status_code == 200
    assert "redan gjort" in again.content.decode()


def test_the_officer_saves_and_asks_the_head(client_as):
    assignment = mk.issued_assignment()
    client = client_as("officer_social")
    page = client.get(at("report", assignment)).content.decode()
    client.post(at("report", assignment), typed(be_chefen="1"))
    client.post(at("report", assignment), typed(be_chefen="1", version="0"))

    draft = ReportBack.objects.get()
    told = Obligation.objects.filter(subject=draft.subject_key, step="ready_to_submit")
    assert "Lämna in</button>" not in page
    assert draft.state == ReportState.DRAFT
    assert told.count() == 1
    assert Event.objects.filter(verb="ready_for_submission").count() == 1


def test_the_officer_cannot_submit(client_as):
    assignment = mk.issued_assignment()
    answer = client_as("officer_social").post(at("report", assignment), typed(**SUBMIT))

    assert answer.status_code == 403
    assert not ReportBack.objects.exists()


@pytest.mark.parametrize("who", ["director", "coordinator", "registrar", "auditor", "communicator"])
def test_those_outside_the_department_do_not_write(client_as, who):
    assignment = mk.issued_assignment()

    assert client_as(who).get(at("report", assignment)).status_code == 403
    assert client_as(who).post(at("report", assignment), typed()).status_code == 403
    assert client_as(who).post(at("report_autosave", assignment), typed()).status_code == 403


def test_a_draft_is_seen_by_the_own_organisation_only(client_as):
    draft = mk.report_draft(done_text="Hemligt utkast")
    url = draft.assignment.get_absolute_url()

    assert "Hemligt utkast" in client_as("officer_social").get(url).content.decode()
    for who in ("director", "coordinator", "registrar", "auditor"):
        assert "Hemligt utkast" not in client_as(who).get(url).content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"outcome": ""}, "Välj hur det gick."),
        ({"outcome": "HEJ"}, "outcome"),
        ({"done_text": ""}, "Skriv vad ni har gjort."),
        ({"outcome": "PARTLY"}, "Skriv varför det inte är klart."),
        ({"outcome": "NOT_DONE"}, "Skriv varför det inte är klart."),
        ({"secrecy_checked": ""}, "kryssa i rutan"),
    ],
)
def test_what_is_missing_is_named_and_the_text_kept(client_as, changes, words):
    assignment = mk.issued_assignment()
    sent = typed(obstacles="Regn varje dag.", **SUBMIT) | changes
    answer = client_as("head_social").post(at("report", assignment), sent)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Regn varje dag." in page
    assert "<title>Fel:" in page
    assert not ReportBack.objects.filter(state=ReportState.SUBMITTED).exists()


def test_a_draft_may_have_gaps(client_as):
    assignment = mk.issued_assignment()
    sent = typed(spara="1", outcome="", done_text="")
    answer = client_as("officer_social").post(at("report", assignment), sent)

    assert (answer.status_code, answer["Location"]) == (303, at("report", assignment))
    assert ReportBack.objects.get().state == ReportState.DRAFT


def test_a_returned_report_says_what_to_complete_and_keeps_the_words(client_as):
    report = mk.submitted_report(done_text="Första texten.")
    now = timezone.now()
    by = mk.acting("director")
    reports.return_report(report, reason="Skriv antal kvällar.", new_due_at=now + dt.timedelta(days=5), by=by, now=now)
    page = client_as("head_social").get(at("report", report.assignment)).content.decode()
    answer = client_as("head_social").post(
        at("report", report.assignment), typed(report="2", done_text="Fyra kvällar.", **SUBMIT)
    )

    assert "Skriv antal kvällar." in page
    assert "Första texten." in page
    assert answer.status_code == 303
    assert list(ReportBack.objects.order_by("version").values_list("state", "done_text")) == [
        (ReportState.RETURNED, "Första texten."),
        (ReportState.SUBMITTED, "Fyra kvällar."),
    ]


def test_after_an_accepted_report_the_next_begins_empty(client_as):
    report = mk.submitted_report(outcome="ONGOING", done_text="Förra veckans ord.")
    now = timezone.now()
    reports.accept(report, new_due_at=now + dt.timedelta(days=9), by=mk.acting("director"), now=now)
    client, url = client_as("head_social"), at("report", report.assignment)
    page = client.get(url)
    client.post(url, typed(report="2", done_text="Den här veckan.", spara="1"))

    assert "Förra veckans ord." not in page.content.decode()
    assert ReportBack.objects.get(version=2).done_text == "Den här veckan."


def test_a_new_version_replaces_the_one_that_waits(client_as):
    report = mk.submitted_report()
    answer = client_as("head_social").post(at("report", report.assignment), typed(report="2", **SUBMIT))

    assert answer.status_code == 303
    assert list(ReportBack.objects.order_by("version").values_list("state", flat=True)) == [
        ReportState.REPLACED,
        ReportState.SUBMITTED,
    ]


@pytest.mark.parametrize("ending", ["cancelled", "accepted"])
def test_a_report_on_what_is_closed_gets_409_with_the_words_kept(client_as, ending):
    now, by = timezone.now(), mk.acting("director")
    if ending == "cancelled":
        assignment = mk.issued_assignment()
        assignments.cancel_assignment(assignment, reason="Behövs inte mer.", by=by, now=now)
    else:
        report = mk.submitted_report()
        assignment = report.assignment
        reports.accept(report, by=by, now=now)
    sent = typed(report="2", done_text="Mycket text som inte får försvinna.", **SUBMIT)
    page = client_as("head_social").get(at("report", assignment))
    answer = client_as("head_social").post(at("report", assignment), sent)

    assert page.status_code == 200
    assert answer.status_code == 409
    assert "Mycket text som inte får försvinna." in answer.content.decode()
    assert not ReportBack.objects.filter(version=2).exists()


# --- Two people at once -------------------------------------------------------------------------------


def test_two_who_write_see_both_texts_and_the_next_save_counts(client_as):
    assignment = mk.issued_assignment()
    url = at("report", assignment)
    client_as("officer_social").post(url, typed(done_text="Kollegans ord."))
    stale = client_as("head_social").post(url, typed(done_text="Mina ord."))
    page = stale.content.decode()
    form = stale.context["form"]
    again = client_as("head_social").post(
        url, typed(done_text="Mina ord.", report=form.data["report"], version=form.data["version"])
    )

    assert stale.status_code == 409
    assert "Kollegans ord." in page
    assert "Mina ord." in page
    assert again.status_code == 303
    assert ReportBack.objects.get().done_text == "Mina ord."


def test_words_typed_while_a_colleague_submitted_are_not_lost(client_as):
    assignment = mk.issued_assignment()
    url = at("report", assignment)
    client_as("head_social").post(url, typed(done_text="Inlämnat.", **SUBMIT))
    answer = client_as("officer_social").post(url, typed(done_text="Mitt eget."))

    assert answer.status_code == 409
    assert "Inlämnat." in answer.content.decode()
    assert "Mitt eget." in answer.content.decode()
    assert ReportBack.objects.get().done_text == "Inlämnat."


# --- Saved by itself ----------------------------------------------------------------------------------


def test_what_is_typed_is_saved_by_itself(client_as):
    assignment = mk.issued_assignment()
    client, url = client_as("officer_social"), at("report_autosave", assignment)
    first = client.post(url, typed(done_text="Halva"))
    second = client.post(url, typed(done_text="Halva texten", version=str(first.json()["version"])))

    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json()["version"] > first.json()["version"]
    assert ReportBack.objects.get().done_text == "Halva texten"


def test_an_autosave_behind_a_colleague_is_409_and_changes_nothing(client_as):
    assignment = mk.issued_assignment()
    url = at("report_autosave", assignment)
    client_as("officer_social").post(url, typed(done_text="Kollegan"))
    answer = client_as("head_social").post(url, typed(done_text="Jag"))

    assert answer.status_code == 409
    assert "message" in answer.json()
    assert ReportBack.objects.get().done_text == "Kollegan"


def test_an_autosave_on_a_cancelled_assignment_is_409(client_as):
    assignment = mk.issued_assignment()
    assignments.cancel_assignment(assignment, reason="Nej.", by=mk.acting("director"), now=timezone.now())
    answer = client_as("head_social").post(at("report_autosave", assignment), typed())

    assert answer.status_code == 409
    assert not ReportBack.objects.exists()


def test_an_autosave_lets_a_warning_wait_for_the_person(client_as):
    assignment = mk.issued_assignment()
    answer = client_as("head_social").post(
        at("report_autosave", assignment), typed(done_text="Ring 070-123 45 67 om det.")
    )

    assert answer.status_code == 200


# --- Bad input ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", TEXT_FIELDS)
@pytest.mark.parametrize("button", ["spara", "lamna_in"])
def test_an_identity_number_is_never_stored(client_as, field, button):
    assignment = mk.issued_assignment()
    sent = typed(**{field: f"Vi mötte {NUMBER} där.", button: "1", "secrecy_checked": "on"})
    answer = client_as("head_social").post(at("report", assignment), sent)

    assert answer.status_code == 422
    assert "personnummer" in answer.content.decode()
    assert f"Vi mötte {NUMBER} där." in answer.content.decode()
    assert not ReportBack.objects.exists()


@pytest.mark.parametrize("field", TEXT_FIELDS)
def test_an_identity_number_is_never_saved_by_itself(client_as, field):
    assignment = mk.issued_assignment()
    answer = client_as("head_social").post(at("report_autosave", assignment), typed(**{field: f"Hej {NUMBER}"}))

    assert answer.status_code == 422
    assert "personnummer" in answer.json()["message"]
    assert NUMBER not in answer.content.decode()
    assert not ReportBack.objects.exists()


@pytest.mark.parametrize("field", TEXT_FIELDS)
@pytest.mark.parametrize("text", ["å" * 500_000, "\x00", "hej\ud83d"], ids=["1 MB", "NUL", "half a character"])
def test_what_cannot_be_stored_is_told(client_as, field, text):
    assignment = mk.issued_assignment()
    text = text.encode("utf-8", "replace").decode()
    for name in ("report", "report_autosave"):
        answer = client_as("head_social").post(at(name, assignment), typed(**{field: text.replace("?", "\ufffd")}))
        assert answer.status_code in (413, 422)
    assert not ReportBack.objects.exists()


@pytest.mark.parametrize("name", ["report", "version"])
@pytest.mark.parametrize("value", ["-1", "9" * 40, "x", "\x00"])
def test_strange_numbers_of_the_page_are_refused(client_as, name, value):
    assignment = mk.issued_assignment()
    sent = typed(**{name: value})

    assert client_as("head_social").post(at("report", assignment), sent).status_code == 422
    assert client_as("head_social").post(at("report_autosave", assignment), sent).status_code == 422
    assert not ReportBack.objects.exists()


def test_the_words_come_back_as_words(client_as):
    hostile = '"><script>alert(1)</script>{{ settings.SECRET_KEY }}'
    report = mk.submitted_report(done_text=hostile)
    for who, url in (
        ("director", report.assignment.get_absolute_url()),
        ("director", at("report_judge", report.assignment)),
        ("head_social", at("report", report.assignment)),
    ):
        page = client_as(who).get(url).content.decode()
        assert "<script>alert" not in page
        assert "{{ settings.SECRET_KEY }}" in page


# --- Answering --------------------------------------------------------------------------------------


def judged(report: ReportBack, act: str, **values: str) -> dict[str, str]:
    prefixed = {f"{act}-{name}": value for name, value in values.items()}
    return {"act": act, f"{act}-report": str(report.pk), f"{act}-seen": str(report.revision)} | prefixed


def test_the_director_accepts_and_twice_is_friendly(client_as):
    report = mk.submitted_report()
    url, client = at("report_judge", report.assignment), client_as("director")
    assert client.get(url).status_code == 200
    first = client.post(url, judged(report, "accept"))
    second = client.post(url, judged(report, "accept") | {"accept-seen": ""}, follow=True)

    report.assignment.refresh_from_db()
    assert (first.status_code, second.status_code) == (303, 200)
    assert report.assignment.state == AssignmentState.ACCEPTED


def test_unfinished_work_is_accepted_with_a_day_or_a_reason(client_as):
    report = mk.submitted_report(outcome="ONGOING")
    url, client = at("report_judge", report.assignment), client_as("director")
    neither = client.post(url, judged(report, "accept"))
    day = moment("new_due_at", timezone.now() + dt.timedelta(days=20))
    answer = client.post(url, judged(report, "accept", **day))

    report.assignment.refresh_from_db()
    assert (neither.status_code, answer.status_code) == (422, 303)
    assert report.assignment.state == AssignmentState.ACKNOWLEDGED


def test_the_director_returns_with_what_is_missing(client_as):
    report = mk.submitted_report()
    url, client = at("report_judge", report.assignment), client_as("director")
    day = moment("new_due_at", timezone.now() + dt.timedelta(days=5))
    past = moment("new_due_at", timezone.now() - dt.timedelta(days=5))
    without = client.post(url, judged(report, "send_back", **day))
    too_late = client.post(url, judged(report, "send_back", reason="Hur många?", **past))
    personal = client.post(url, judged(report, "send_back", reason=f"Vem är {NUMBER}?", **day))
    answer = client.post(url, judged(report, "send_back", reason="Hur många?", **day))

    report.refresh_from_db()
    assert [a.status_code for a in (without, too_late, personal, answer)] == [422, 422, 422, 303]
    assert (report.state, report.answer) == (ReportState.RETURNED, "Hur många?")


def test_a_version_replaced_meanwhile_is_not_accepted_unread(client_as):
    report = mk.submitted_report()
    sent = judged(report, "accept")
    mk.submitted_report(assignment=Assignment.objects.get(pk=report.assignment_id), done_text="Ny text.")
    client_as("director").post(at("report_judge", report.assignment), sent)

    assert not ReportBack.objects.filter(state=ReportState.ACCEPTED).exists()


@pytest.mark.parametrize(("who", "status"), [("head_social", 403), ("registrar", 403), ("head_education", 404)])
def test_who_may_not_judge(client_as, who, status):
    report = mk.submitted_report()
    url = at("report_judge", report.assignment)

    assert client_as(who).get(url).status_code == status
    assert client_as(who).post(url, judged(report, "accept")).status_code == status


def test_there_may_be_nothing_to_judge(client_as):
    assignment = mk.issued_assignment()

    assert client_as("director").get(at("report_judge", assignment)).status_code == 303


# --- "Dela utkast" ----------------------------------------------------------------------------------


def test_a_draft_is_opened_to_one_organisation_as_it_stood(client_as):
    draft = mk.report_draft(done_text="Så här står det nu.")
    police = Organisation.objects.filter(kind="POLICE").first()
    client, url = client_as("head_social"), at("report_share", draft.assignment)
    page = client.get(url).content.decode()
    unread = client.post(url, {"organisation": police.pk})
    answer = client.post(url, {"organisation": police.pk, "understood": "on", "once": "a"})
    twice = client.post(url, {"organisation": police.pk, "understood": "on", "once": "a"})
    shared = DraftShare.objects.get()
    reports.save_draft(
        ReportBack.objects.get(),
        values={"done_text": "Skrivet efteråt."},
        by=mk.acting("head_social"),
        now=timezone.now(),
    )
    seen = client_as("police_liaison").get(at("shared_draft", shared)).content.decode()

    assert "allmän handling" in page
    assert [a.status_code for a in (unread, answer, twice)] == [422, 303, 303]
    assert Event.objects.filter(verb="draft_shared").count() == 1
    assert "Så här står det nu." in seen
    assert "Skrivet efteråt." not in seen
    assert (
        at("shared_draft", shared)
        in client_as("police_liaison").get(reverse("incidents:shared_drafts")).content.decode()
    )


def test_a_shared_draft_is_for_the_receiver_and_the_owner(client_as):
    draft = mk.report_draft()
    other = Organisation.objects.get(slug="utbildningsforvaltningen")
    shared = reports.share_draft(report=draft, organisation=other, by=mk.acting("head_social"), now=timezone.now())
    found = {
        who: client_as(who).get(at("shared_draft", shared)).status_code
        for who in ("head_education", "officer_social", "police_liaison", "auditor", "director")
    }

    assert found == {
        "head_education": 200,
        "officer_social": 200,
        "police_liaison": 404,
        "auditor": 404,
        "director": 404,
    }


@pytest.mark.parametrize("who", ["officer_social", "director", "registrar"])
def test_who_may_not_share(client_as, who):
    draft = mk.report_draft()

    assert client_as(who).get(at("report_share", draft.assignment)).status_code == 403


def test_without_a_draft_there_is_nothing_to_share(client_as):
    assert client_as("head_social").get(at("report_share", mk.issued_assignment())).status_code == 303


# --- The registrar's list -----------------------------------------------------------------------------


def documents() -> tuple[ReportBack, object, object]:
    """A submitted report (with its decision), minutes that are approved, and a round that is closed."""
    report = mk.submitted_report()
    now, by = timezone.now(), mk.acting("director")
    meeting = mk.meeting(kind="POLICE", title="Möte med Polisen")
    meeting = meetings.edit_meeting(meeting, values={"notes": "Vi gick igenom läget."}, by=by, now=now)
    meeting = meetings.approve_minutes(meeting, by=by, now=now)
    round_ = mk.follow_up_round(decision=report.assignment.decision)
    item = round_.items.get()
    rounds.accept_in_round(item, report, by=by, now=now)
    return report, meeting, rounds.close(round_, by=by, now=now)


def test_the_list_holds_what_is_public_and_nothing_else(client_as):
    report, meeting, _round = documents()
    mk.decision()
    mk.report_draft(done_text="x")
    page = client_as("registrar").get(reverse("incidents:diary"))
    kinds = sorted(row.kind for row in page.context["rows"])

    assert meeting.minutes_state == MinutesState.APPROVED
    assert kinds == ["avstamning", "beslut", "beslut", "mote", "rapport"]
    assert report.assignment.number in page.content.decode()


def test_a_number_is_set_and_the_document_moves_to_the_other_list(client_as):
    report, _meeting, _round = documents()
    client, url = client_as("registrar"), reverse("incidents:diary_set", args=["rapport", report.pk])
    field = f"rapport-{report.pk}-diary_number"
    for _tap in range(2):
        assert client.post(url, {field: "KS 2020-000123"}).status_code == 303
    personal = client.post(url, {field: NUMBER})
    empty = client.post(url, {field: "  "})
    long = client.post(url, {field: "K" * 41})

    report.refresh_from_db()
    done = client.get(reverse("incidents:diary") + "?visa=klara")
    assert report.diary_number == "KS 2020-000123"
    assert Event.objects.filter(verb="diary_number_set").count() == 1
    assert [a.status_code for a in (personal, empty, long)] == [422, 422, 422]
    assert NUMBER in personal.content.decode()
    assert [row.kind for row in done.context["rows"]] == ["rapport"]


def knowledge_and_promises() -> None:
    """An adopted picture, an agreement that is signed, a plan that is decided, a set that is agreed; and drafts."""
    now, today = timezone.now(), timezone.localdate()
    by = mk.acting("coordinator", now=now)
    picture = make_situation.picture(state="ADOPTED")
    make_situation.picture(state="ADOPTED", kind="OWN", by="police_liaison")
    make_situation.picture()
    words = {"title": "Samverkan", "purposes": "Trygghet.", "areas_of_cooperation": "Centrum.", "valid_from": today}
    parties = [mk.department("kommunstyrelseforvaltningen"), mk.department("polisen")]
    for signed_on in (today, None):
        agreements.write_agreement(values=words | {"signed_on": signed_on}, parties=parties, by=by, now=now)
    drafts = [
        plans.write_plan(values={"title": "Plan", "valid_from": today, "picture": picture}, by=by, now=now)
        for _turn in range(2)
    ]
    task = {"title": "Belysning", "description": "Lampor byts.", "organisation": mk.department()}
    plans.add_measure(drafts[0], values=task | {"problem": picture.problems.get()}, by=by, now=now)
    plans.decide(drafts[0], decided_on=today, decided_by="Kommunstyrelsen", minutes_ref="§ 4", by=by, now=now)
    make_pledges.agreed_set()
    make_pledges.whole_set()


@pytest.mark.parametrize("kind", ["beslut", "mote", "avstamning", "lagesbild", "overenskommelse", "plan", "loften"])
def test_every_kind_takes_a_number(client_as, kind):
    documents()
    knowledge_and_promises()
    client = client_as("registrar")
    row = next(r for r in client.get(reverse("incidents:diary")).context["rows"] if r.kind == kind)
    url = reverse("incidents:diary_set", args=[kind, row.thing.pk])
    assert client.post(url, {f"{kind}-{row.thing.pk}-diary_number": "KS 1"}).status_code == 303

    row.thing.refresh_from_db()
    assert row.thing.diary_number == "KS 1"
    verbs = Event.objects.filter(subject_id=row.thing.pk, verb="diary_number_set")
    assert [event.subject_type.model_class() for event in verbs] == [type(row.thing)]


def test_the_list_holds_what_is_decided_of_the_picture_and_the_promises_never_drafts(client_as):
    knowledge_and_promises()
    client = client_as("registrar")
    rows = client.get(reverse("incidents:diary")).context["rows"]
    text = client.get(reverse("incidents:diary_export")).content.decode("utf-8-sig")
    exported = list(csv.reader(io.StringIO(text), delimiter=";"))

    assert sorted(row.kind for row in rows) == ["lagesbild", "loften", "overenskommelse", "plan"]
    assert {line[2] for line in exported[1:]} == {timezone.localdate().isoformat()}


@pytest.mark.parametrize("address", ["okand/1", "rapport/999999", "beslut/0"])
def test_a_document_that_is_not_there(client_as, address):
    assert client_as("registrar").post(f"/arbete/diarium/{address}/", {}).status_code == 404


def test_a_draft_takes_no_number(client_as):
    draft = mk.report_draft()
    url = reverse("incidents:diary_set", args=["rapport", draft.pk])

    assert client_as("registrar").post(url, {f"rapport-{draft.pk}-diary_number": "KS 1"}).status_code == 404


@pytest.mark.parametrize("who", ["director", "head_social", "auditor", "police_liaison", "administrator"])
def test_the_list_is_the_registrars(client_as, who):
    report = mk.submitted_report()
    for name in ("diary", "diary_export"):
        assert client_as(who).get(reverse(f"incidents:{name}")).status_code == 403
    assert client_as(who).post(reverse("incidents:diary_set", args=["rapport", report.pk])).status_code == 403


def test_no_cell_of_the_export_is_a_formula(client_as):
    now, by = timezone.now(), mk.acting("director")
    for title in ("=HYPERLINK(1)", "+1+A1", "-1+A1", "@x", " =1", 'Möte; med "citat"'):
        meeting = mk.meeting(kind="POLICE", title=title)
        meetings.edit_meeting(meeting, values={"notes": "Text."}, by=by, now=now)
        meetings.approve_minutes(type(meeting).objects.get(pk=meeting.pk), by=by, now=now)
    answer = client_as("registrar").get(reverse("incidents:diary_export"))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))

    assert answer["Content-Type"].startswith("text/csv")
    assert len(rows) == 7
    assert {len(row) for row in rows} == {5}
    assert not [cell for row in rows for cell in row if cell.lstrip()[:1] in tuple("=+-@")]


def test_the_list_takes_as_many_queries_for_one_as_for_thirty(client_as):
    client = client_as("registrar")
    report = mk.submitted_report()
    ReportBack.objects.exclude(pk=report.pk).delete()
    counts = []
    for more in (0, 30):
        ReportBack.objects.bulk_create(
            ReportBack(
                assignment=report.assignment,
                version=number + 2,
                state=ReportState.REPLACED,
                submitted_at=report.submitted_at,
                secrecy_checked_at=report.submitted_at,
            )
            for number in range(more)
        )
        client.get(reverse("incidents:diary"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("incidents:diary"))
        counts.append(len(queries))

    assert counts[0] == counts[1]

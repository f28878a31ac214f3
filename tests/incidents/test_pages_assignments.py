"""The assignment page and everything done from it, through the browser's eyes."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from incidents.lifecycle import AssignmentState, HowFar, RequestState
from incidents.models import Assignment, AssignmentRequest, DueChange, ProgressNote
from incidents.operations import assignments
from lysekil_trygghet.accounts.models import Organisation, User
from tests import make_incidents as mk

pytestmark = pytest.mark.django_db

IDENTITY_NUMBER = "19121212-1212"
LATER = dt.timedelta(days=14)


def at(name: str, thing: object) -> str:
    return reverse(f"incidents:{name}", args=[thing.pk])


def moment(name: str, when: dt.datetime, prefix: str = "") -> dict[str, str]:
    local = timezone.localtime(when)
    return {f"{prefix}{name}_0": f"{local:%Y-%m-%d}", f"{prefix}{name}_1": f"{local:%H:%M}"}


def asked(assignment: Assignment, **changes) -> AssignmentRequest:
    now = timezone.now()
    values = {"proposed_due_at": now + LATER, "reason": "Två saknas i laget.", "by": mk.acting("head_social")}
    return assignments.ask_more_time(assignment, now=now, **(values | changes))


# --- Reading ----------------------------------------------------------------------------------------


def test_the_page_shows_facts_points_and_history(client_as):
    assignment = mk.issued_assignment()
    page = client_as("head_social").get(assignment.get_absolute_url())

    assert page.status_code == 200
    for words in (assignment.number, assignment.title, assignment.instruction, "Vara där unga är.", "utfärdades"):
        assert words in page.content.decode()


@pytest.mark.parametrize("who", ["head_education", "officer_education", "police_liaison", "lpo_chief"])
def test_another_organisation_finds_nothing(client_as, who):
    assignment = mk.issued_assignment()
    for name in ("assignment", "report", "assignment_more_time", "assignment_move_day", "report_judge"):
        assert client_as(who).get(at(name, assignment)).status_code == 404
    assert client_as(who).post(at("assignment_acknowledge", assignment)).status_code == 404
    assert client_as(who).post(at("assignment_progress", assignment), {"how_far": "STARTED"}).status_code == 404


@pytest.mark.parametrize("who", ["head_social", "auditor", "registrar"])
def test_a_draft_is_seen_by_the_leaders_alone(client_as, who):
    draft = mk.assignment()

    assert client_as(who).get(draft.get_absolute_url()).status_code == 404
    assert client_as("coordinator").get(draft.get_absolute_url()).status_code == 200


def test_nobody_signed_in_is_led_to_the_sign_in(client_as):
    assignment = mk.issued_assignment()

    assert client_as(None).get(assignment.get_absolute_url()).status_code == 302


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("director", "assignment_more_time"),
        ("director", "assignment_officer"),
        ("officer_social", "assignment_more_time"),
        ("officer_social", "assignment_decline"),
        ("officer_social", "assignment_officer"),
        ("head_social", "assignment_move_day"),
        ("head_social", "assignment_cancel"),
        ("coordinator", "assignment_cancel"),
        ("coordinator", "assignment_exception"),
        ("auditor", "assignment_cancel"),
        ("registrar", "assignment_move_day"),
    ],
)
def test_what_a_role_may_not_do_is_refused_and_not_shown(client_as, who, name):
    assignment = mk.issued_assignment()
    url = at(name, assignment)

    assert client_as(who).get(url).status_code == 403
    assert client_as(who).post(url, {"reason": "Därför."}).status_code == 403
    assert url not in client_as(who).get(assignment.get_absolute_url()).content.decode()


def test_every_moved_day_stands_with_its_reason(client_as):
    assignment = mk.issued_assignment()
    by, now = mk.acting("director"), timezone.now()
    assignments.set_due(assignment, due_at=now + LATER, reason="Midsommar kom emellan.", by=by, now=now)

    page = client_as("head_social").get(assignment.get_absolute_url()).content.decode()

    assert "Midsommar kom emellan." in page
    assert "Dagen flyttades från" in page


def test_what_people_write_is_shown_as_text(client_as):
    hostile = "<script>alert(1)</script>{{ 7*7 }}"
    assignment = mk.issued_assignment(instruction=hostile, title="<b>Titel</b>")
    page = client_as("director").get(assignment.get_absolute_url()).content.decode()

    assert "<script>alert" not in page
    assert "<b>Titel</b>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in page


def test_the_page_takes_as_many_queries_with_one_note_as_with_many(client_as):
    few, many = mk.issued_assignment(), mk.issued_assignment()
    now = timezone.now()
    for count, assignment in ((1, few), (15, many)):
        for number in range(count):
            assignments.note_progress(
                assignment, how_far="STARTED", text=f"Steg {number}", by=mk.acting("head_social"), now=now
            )
    client = client_as("head_social")
    counts = []
    client.get(few.get_absolute_url())
    for assignment in (few, many):
        with CaptureQueriesContext(connection) as queries:
            client.get(assignment.get_absolute_url())
        counts.append(len(queries))

    assert counts[0] == counts[1]


# --- What the department does -------------------------------------------------------------------------


def test_one_tap_acknowledges_and_a_second_is_friendly(client_as):
    assignment = mk.issued_assignment()
    client = client_as("officer_social")
    first = client.post(at("assignment_acknowledge", assignment), {"tillbaka": "/arbete/"})
    second = client.post(at("assignment_acknowledge", assignment), follow=True)

    assignment.refresh_from_db()
    assert (first.status_code, first["Location"]) == (303, "/arbete/")
    assert assignment.state == AssignmentState.ACKNOWLEDGED
    assert "redan gjort" in second.content.decode()


@pytest.mark.parametrize(
    "wanted", ["https://elak.example/", "//elak.example/arbete/", "javascript:alert(1)", "/konto/"]
)
def test_the_way_back_never_leads_out(client_as, wanted):
    assignment = mk.issued_assignment()
    answer = client_as("head_social").post(at("assignment_acknowledge", assignment), {"tillbaka": wanted})

    assert answer["Location"] == assignment.get_absolute_url()


def test_one_tap_notes_how_far_it_has_come(client_as):
    assignment = mk.issued_assignment()
    answer = client_as("officer_social").post(
        at("assignment_progress", assignment), {"how_far": "HALFWAY", "text": "Schemat är klart.", "once": "a"}
    )

    note = ProgressNote.objects.get()
    assert answer.status_code == 303
    assert (note.how_far, note.text, note.assignment_id) == (HowFar.HALFWAY, "Schemat är klart.", assignment.pk)


def test_a_double_tap_notes_once(client_as):
    assignment = mk.issued_assignment()
    client = client_as("head_social")
    for _tap in range(2):
        answer = client.post(at("assignment_progress", assignment), {"how_far": "STUCK", "once": "samma"})
        assert answer.status_code == 303

    assert ProgressNote.objects.count() == 1


@pytest.mark.parametrize("how_far", ["", "KLART", "<script>"])
def test_a_strange_note_comes_back(client_as, how_far):
    assignment = mk.issued_assignment()
    answer = client_as("head_social").post(at("assignment_progress", assignment), {"how_far": how_far, "text": "Hej"})

    assert answer.status_code == 422
    assert "Hej" in answer.content.decode()
    assert not ProgressNote.objects.exists()


def test_a_note_on_a_cancelled_assignment_is_refused_with_the_text_kept(client_as):
    assignment = mk.issued_assignment()
    assignments.cancel_assignment(assignment, reason="Behövs inte.", by=mk.acting("director"), now=timezone.now())
    answer = client_as("head_social").post(
        at("assignment_progress", assignment), {"how_far": "STARTED", "text": "Vi har börjat."}
    )

    assert answer.status_code == 422
    assert "Vi har börjat." in answer.content.decode()
    assert not ProgressNote.objects.exists()


def test_the_head_appoints_an_officer_of_the_own_department(client_as):
    assignment = mk.issued_assignment()
    client = client_as("head_social")
    mine = User.objects.get(memberships__role="OFFICER", memberships__organisation=assignment.organisation)
    other = User.objects.filter(memberships__role="OFFICER").exclude(pk=mine.pk).first()
    answer = client.post(at("assignment_officer", assignment), {"officer": mine.pk, "seen": assignment.revision})
    refused = client.post(at("assignment_officer", assignment), {"officer": other.pk})

    assignment.refresh_from_db()
    assert (answer.status_code, refused.status_code) == (303, 422)
    assert assignment.officer == mine


def test_the_head_asks_for_more_time_and_the_director_grants_it(client_as):
    assignment = mk.issued_assignment()
    wanted = timezone.now() + LATER
    answer = client_as("head_social").post(
        at("assignment_more_time", assignment),
        {**moment("proposed_due_at", wanted), "reason": "Två saknas i laget.", "once": "x"},
    )
    request = AssignmentRequest.objects.get()
    page = client_as("director").get(at("request_answer", request))
    granted = client_as("director").post(
        at("request_answer", request), {"svar": "bevilja", "answer": "Bra.", **moment("due_at", wanted)}
    )

    assignment.refresh_from_db()
    assert (answer.status_code, page.status_code, granted.status_code) == (303, 200, 303)
    assert abs(assignment.due_at - wanted) < dt.timedelta(minutes=1)
    assert DueChange.objects.get().cause == DueChange.Cause.GRANTED


def test_a_no_needs_words(client_as):
    request = asked(mk.issued_assignment())
    client = client_as("director")
    without = client.post(at("request_answer", request), {"svar": "avsla", "answer": ""})
    unsaid = client.post(at("request_answer", request), {"answer": "Hej"})
    answer = client.post(at("request_answer", request), {"svar": "avsla", "answer": "Dagen står fast."})

    request.refresh_from_db()
    assert (without.status_code, unsaid.status_code, answer.status_code) == (422, 422, 303)
    assert "Skriv varför du säger nej." in without.content.decode()
    assert (request.state, request.answer) == (RequestState.REFUSED, "Dagen står fast.")


def test_an_answer_given_twice_is_friendly(client_as):
    request = asked(mk.issued_assignment())
    client = client_as("director")
    for _tap in range(2):
        answer = client.post(at("request_answer", request), {"svar": "avsla", "answer": "Dagen står fast."})
        assert answer.status_code == 303
    assert "redan gjort" in client.get(request.assignment.get_absolute_url()).content.decode()


def test_only_the_director_answers(client_as):
    request = asked(mk.issued_assignment())

    for who, status in (("coordinator", 403), ("head_social", 403), ("head_education", 404)):
        assert client_as(who).post(at("request_answer", request), {"svar": "bevilja"}).status_code == status


def test_a_granted_decline_moves_the_assignment(client_as):
    assignment = mk.issued_assignment()
    other = Organisation.objects.get(slug="utbildningsforvaltningen")
    answer = client_as("head_social").post(
        at("assignment_decline", assignment), {"proposed_organisation": other.pk, "reason": "Skolan har lokalerna."}
    )
    request = AssignmentRequest.objects.get()
    client_as("director").post(at("request_answer", request), {"svar": "bevilja", "answer": ""})

    assignment.refresh_from_db()
    assert answer.status_code == 303
    assert assignment.state == AssignmentState.CANCELLED
    assert Assignment.objects.get(organisation=other).state == AssignmentState.ISSUED


def test_the_own_department_or_the_police_cannot_be_proposed(client_as):
    assignment = mk.issued_assignment()
    police = Organisation.objects.filter(kind="POLICE").first()
    for pk in (assignment.organisation_id, police.pk, 0, 10**30):
        answer = client_as("head_social").post(
            at("assignment_decline", assignment), {"proposed_organisation": pk, "reason": "Därför."}
        )
        assert answer.status_code == 422
    assert not AssignmentRequest.objects.exists()


def test_a_request_is_taken_back(client_as):
    request = asked(mk.issued_assignment())
    other = client_as("head_education").post(at("request_withdraw", request))
    answer = client_as("head_social").post(at("request_withdraw", request))

    request.refresh_from_db()
    assert (other.status_code, answer.status_code) == (404, 303)
    assert request.state == RequestState.WITHDRAWN


@pytest.mark.parametrize("days", [-1, 3])
def test_a_day_that_has_been_or_is_no_later_is_refused(client_as, days):
    assignment = mk.issued_assignment()
    when = timezone.now() + dt.timedelta(days=days)
    answer = client_as("head_social").post(
        at("assignment_more_time", assignment), {**moment("proposed_due_at", when), "reason": "Vi hinner inte."}
    )

    assert answer.status_code == 422
    assert "<title>Fel:" in answer.content.decode()
    assert "Vi hinner inte." in answer.content.decode()


# --- What the leaders do ------------------------------------------------------------------------------


def test_the_director_moves_the_day_with_a_reason(client_as):
    assignment = mk.issued_assignment()
    when = timezone.now() + LATER
    url = at("assignment_move_day", assignment)
    without = client_as("director").post(url, {**moment("due_at", when), "seen": assignment.revision})
    answer = client_as("director").post(
        url, {**moment("due_at", when), "reason": "Mötet flyttades.", "seen": assignment.revision}
    )

    assert (without.status_code, answer.status_code) == (422, 303)
    assert DueChange.objects.get().reason == "Mötet flyttades."


def test_a_stale_page_shows_409_and_keeps_the_words(client_as):
    assignment = mk.issued_assignment()
    by, now = mk.acting("director"), timezone.now()
    assignments.set_due(assignment, due_at=now + LATER, reason="Första.", by=by, now=now)
    url = at("assignment_move_day", assignment)
    form = {**moment("due_at", now + 2 * LATER), "reason": "Andra.", "seen": assignment.revision}
    answer = client_as("director").post(url, form)
    again = client_as("director").post(url, form | {"seen": Assignment.objects.get().revision})

    assert answer.status_code == 409
    assert "Andra." in answer.content.decode()
    assert "Någon annan har ändrat" in answer.content.decode()
    assert again.status_code == 303


def test_the_director_cancels_with_a_reason_and_twice_is_friendly(client_as):
    assignment = mk.issued_assignment()
    url = at("assignment_cancel", assignment)
    form = {"reason": "Polisen gör det.", "seen": assignment.revision}
    ask = client_as("director").get(url)
    answer = client_as("director").post(url, form)
    twice = client_as("director").post(url, form | {"seen": ""})

    assignment.refresh_from_db()
    assert (ask.status_code, answer.status_code, twice.status_code) == (200, 303, 303)
    assert assignment.state == AssignmentState.CANCELLED
    assert "Polisen gör det." in client_as("head_social").get(assignment.get_absolute_url()).content.decode()


def test_the_director_records_an_exception(client_as):
    assignment = mk.issued_assignment()
    answer = client_as("director").post(
        at("assignment_exception", assignment), {"reason": "Ersatt av annat.", "seen": assignment.revision}
    )

    assignment.refresh_from_db()
    assert answer.status_code == 303
    assert assignment.exception_reason == "Ersatt av annat."


# --- Bad input ----------------------------------------------------------------------------------------


def forms_with_words(assignment: Assignment) -> dict[str, tuple[str, str, dict[str, str], str]]:
    """Each form of this group that holds free text: who, address, the rest of the form, the text field."""
    other = Organisation.objects.get(slug="utbildningsforvaltningen")
    later = timezone.now() + LATER
    return {
        "note": ("head_social", at("assignment_progress", assignment), {"how_far": "STARTED"}, "text"),
        "time": ("head_social", at("assignment_more_time", assignment), moment("proposed_due_at", later), "reason"),
        "decline": (
            "head_social",
            at("assignment_decline", assignment),
            {"proposed_organisation": str(other.pk)},
            "reason",
        ),
        "day": ("director", at("assignment_move_day", assignment), moment("due_at", later), "reason"),
        "cancel": ("director", at("assignment_cancel", assignment), {}, "reason"),
        "exception": ("director", at("assignment_exception", assignment), {}, "reason"),
        "answer": ("director", at("request_answer", asked(assignment)), {"svar": "avsla"}, "answer"),
    }


FORMS = ["note", "time", "decline", "day", "cancel", "exception", "answer"]


def snapshot() -> tuple[object, ...]:
    return (
        list(Assignment.objects.values_list("pk", "state", "due_at", "exception_reason", "revision")),
        list(AssignmentRequest.objects.values_list("pk", "state", "answer")),
        ProgressNote.objects.count(),
        DueChange.objects.count(),
    )


@pytest.mark.parametrize("which", FORMS)
@pytest.mark.parametrize("number", [IDENTITY_NUMBER, "121212-1212", "191212721219"])
def test_an_identity_number_stops_the_form_and_the_text_is_kept(client_as, which, number):
    assignment = mk.issued_assignment()
    who, url, rest, name = forms_with_words(assignment)[which]
    before = snapshot()
    answer = client_as(who).post(url, {**rest, name: f"Vi träffade {number} i går."})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "personnummer" in page
    assert f"Vi träffade {number} i går." in page
    assert snapshot() == before


@pytest.mark.parametrize("which", FORMS)
def test_a_megabyte_of_text_is_told_to_be_too_long(client_as, which):
    assignment = mk.issued_assignment()
    who, url, rest, name = forms_with_words(assignment)[which]
    before = snapshot()
    answer = client_as(who).post(url, {**rest, name: "å" * 500_000})

    assert answer.status_code in (413, 422)
    assert snapshot() == before


@pytest.mark.parametrize("which", [which for which in FORMS if which != "note"])
@pytest.mark.parametrize("text", ["\x00", "   \n ", "\u202e\u200b"])
def test_nothing_readable_is_not_a_reason(client_as, which, text):
    assignment = mk.issued_assignment()
    who, url, rest, name = forms_with_words(assignment)[which]
    before = snapshot()
    answer = client_as(who).post(url, {**rest, name: text})

    assert answer.status_code == 422
    assert snapshot() == before


@pytest.mark.parametrize("seen", ["-1", "9" * 40, "abc", "1.5", "\x00"])
def test_a_strange_revision_is_refused(client_as, seen):
    assignment = mk.issued_assignment()
    answer = client_as("director").post(at("assignment_cancel", assignment), {"reason": "Därför.", "seen": seen})

    assignment.refresh_from_db()
    assert answer.status_code == 422
    assert assignment.state == AssignmentState.ISSUED


@pytest.mark.parametrize("query", ["?x=%00", "?x=%ff%fe"])
def test_garbage_in_the_query_is_400(client_as, query):
    assignment = mk.issued_assignment()

    assert client_as("director").get(assignment.get_absolute_url() + query).status_code == 400


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 18])
def test_an_assignment_that_is_not_there(client_as, pk):
    assert client_as("director").get(f"/arbete/uppdrag/{pk}/").status_code == 404

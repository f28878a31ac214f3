"""The follow-up round in meeting mode: two taps to accept, nothing skipped, minutes made from it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from incidents.lifecycle import AssignmentState, ReportState, RoundState
from incidents.models import Assignment, FollowUpRound, RoundItem, SteeringDecision
from incidents.operations import decisions, reports
from tests import make_incidents as make

pytestmark = pytest.mark.django_db
IDENTITY = "19640823-3234"
HEADS = {"socialforvaltningen": "head_social", "kommunstyrelseforvaltningen": "head_executive"}


def url(name: str, *args) -> str:
    return reverse(f"incidents:{name}", args=args)


def moment(name: str, value: dt.datetime) -> dict[str, str]:
    local = timezone.localtime(value)
    return {f"{name}_0": f"{local:%Y-%m-%d}", f"{name}_1": f"{local:%H:%M}"}


def decision_in_force(*slugs: str) -> SteeringDecision:
    draft = make.decision()
    for slug in slugs:
        make.assignment(decision=draft, organisation=make.department(slug))
    now = timezone.now()
    decisions.decide_and_issue(SteeringDecision.objects.get(), by=make.acting("director"), now=now)
    return SteeringDecision.objects.get()


def reported(assignment: Assignment, **texts):
    return make.submitted_report(assignment=assignment, by=HEADS[assignment.organisation.slug], **texts)


def the_round(*slugs: str, **texts) -> FollowUpRound:
    """An ongoing round where the first organisation has reported."""
    decision = decision_in_force(*(slugs or ("socialforvaltningen",)))
    reported(decision.assignments.get(organisation__slug=(slugs or ("socialforvaltningen",))[0]), **texts)
    return make.follow_up_round(decision=decision)


def judge(item: RoundItem, act: str, **values) -> dict[str, object]:
    report = item.assignment.reports.exclude(state=ReportState.DRAFT).latest("version")
    data = {"act": act, f"{act}-report": report.pk, f"{act}-seen": report.revision}
    return data | {f"{act}-{name}": value for name, value in values.items()}


def test_the_whole_round_through_the_pages(client_as):
    decision = decision_in_force("socialforvaltningen", "kommunstyrelseforvaltningen")
    reported(decision.assignments.get(organisation__slug="socialforvaltningen"))
    browser = client_as("director")
    assert browser.get(url("round_new", decision.pk)).status_code == 200
    answer = browser.post(url("round_new", decision.pk), moment("held_at", timezone.now()))
    held = FollowUpRound.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, held.get_absolute_url())
    assert "2 öppna uppdrag" in browser.get(held.get_absolute_url()).content.decode()
    assert browser.post(held.get_absolute_url()).status_code == 303
    # A second tap on start does not close it.
    assert browser.post(held.get_absolute_url()).status_code == 303
    assert FollowUpRound.objects.get().state == RoundState.ONGOING

    page = browser.get(held.get_absolute_url())
    first = page.context["item"]
    assert first.assignment.organisation.slug == "socialforvaltningen"
    assert "Fältverksamheten var ute" in page.content.decode()
    answer = browser.post(url("round_item", held.pk, first.order), judge(first, "accept"))
    assert (answer.status_code, answer["Location"]) == (303, held.get_absolute_url())
    assert Assignment.objects.get(pk=first.assignment_id).state == AssignmentState.ACCEPTED

    page = browser.get(held.get_absolute_url())
    second = page.context["item"]
    assert page.context["counters"] == {
        "total": 2,
        "waiting": 1,
        "gone_through": 1,
        "accepted": 1,
        "returned": 0,
        "missing": 0,
    }
    assert "Inget är inlämnat" in page.content.decode()
    assert browser.post(url("round_close", held.pk)).status_code == 422
    answer = browser.post(
        url("round_item", held.pk, second.order), {"act": "no_report", "no_report-note": "Kommer på fredag."}
    )
    assert answer.status_code == 303

    assert "Så här blir minnesanteckningarna" in browser.get(held.get_absolute_url()).content.decode()
    revision = FollowUpRound.objects.get().revision
    answer = browser.post(url("round_close", held.pk), {"seen": revision, "summary_public": "En av två har svarat."})
    assert answer.status_code == 303
    closed = FollowUpRound.objects.get()
    assert closed.state == RoundState.CLOSED
    assert "Kommer på fredag." in closed.minutes
    page = browser.get(held.get_absolute_url()).content.decode()
    assert "Kommer på fredag." in page
    assert "En av två har svarat." in page
    assert second.assignment.number in page
    assert "saknar godkänt svar" in page
    data = {"seen": closed.revision, "summary_public": "Ny text"}
    assert browser.post(url("round_summary", held.pk), data).status_code == 303
    assert FollowUpRound.objects.get().summary_public == "Ny text"


def test_unfinished_work_needs_a_day_or_a_reason(client_as):
    held = the_round(outcome="PARTLY", off_track_reason="Sjukdom.")
    item = held.items.get()
    browser = client_as("director")
    here = url("round_item", held.pk, item.order)
    answer = browser.post(here, judge(item, "accept"))
    assert answer.status_code == 422
    assert "Arbetet är inte klart" in answer.content.decode()
    past = {"new_due_at_0": "2019-01-01", "new_due_at_1": "12:00"}
    assert browser.post(here, judge(item, "accept", **past)).status_code == 422
    day = moment("new_due_at", timezone.now() + dt.timedelta(days=9))
    assert browser.post(here, judge(item, "accept", **day)).status_code == 303
    assert held.items.get().result == RoundItem.Result.CONTINUED
    assert Assignment.objects.get().state == AssignmentState.ACKNOWLEDGED


def test_a_report_is_returned_with_reason_and_day(client_as):
    held = the_round()
    item = held.items.get()
    browser = client_as("coordinator")
    here = url("round_item", held.pk, item.order)
    day = moment("new_due_at", timezone.now() + dt.timedelta(days=5))
    answer = browser.post(here, judge(item, "send_back", reason="", **day))
    assert answer.status_code == 422
    answer = browser.post(here, judge(item, "send_back", reason=f"Ring {IDENTITY}", **day))
    assert answer.status_code == 422
    assert "Ring" in answer.content.decode()
    assert browser.post(here, judge(item, "send_back", reason="Skriv hur många.", **day)).status_code == 303
    assert Assignment.objects.get().state == AssignmentState.RETURNED
    # The same form once more: it is done already, and nothing is done twice.
    answer = browser.post(here, judge(item, "send_back", reason="Skriv hur många.", **day), follow=True)
    assert answer.status_code == 200
    assert "Något har hänt" in answer.content.decode()
    assert Assignment.objects.get().due_changes.count() == 1


@pytest.mark.parametrize("act", ["no_report", "exception"])
def test_an_identity_number_is_stopped_in_notes(client_as, act):
    held = make.follow_up_round()
    item = held.items.get()
    field = "note" if act == "no_report" else "reason"
    data = {"act": act, f"{act}-{field}": f"Ring {IDENTITY}"}
    answer = client_as("director").post(url("round_item", held.pk, item.order), data)
    assert answer.status_code == 422
    assert "Ring" in answer.content.decode()
    assert held.items.get().result == RoundItem.Result.WAITING


def test_an_exception_is_the_directors(client_as):
    held = make.follow_up_round()
    item = held.items.get()
    here = url("round_item", held.pk, item.order)
    data = {"act": "exception", "exception-reason": "Tas i ordinarie arbete."}
    assert client_as("coordinator").post(here, data).status_code == 403
    assert client_as("director").post(here, data).status_code == 303
    assert held.items.get().result == RoundItem.Result.EXCEPTED
    assert Assignment.objects.get().exception_reason == "Tas i ordinarie arbete."


def test_the_own_department_has_no_buttons_but_an_explanation(client_as):
    held = the_round("kommunstyrelseforvaltningen")
    item = held.items.get()
    here = url("round_item", held.pk, item.order)
    page = client_as("coordinator").get(here).content.decode()
    assert "Du hör till förvaltningen" in page
    assert 'value="accept"' not in page
    assert 'value="send_back"' not in page
    assert client_as("coordinator").post(here, judge(item, "accept")).status_code == 403
    assert 'value="accept"' in client_as("director").get(here).content.decode()
    assert client_as("director").post(here, judge(item, "accept")).status_code == 303


def test_a_newer_version_is_never_accepted_unseen(client_as):
    held = the_round()
    item = held.items.get()
    data = judge(item, "accept")
    make.submitted_report(assignment=item.assignment, by="head_social", done_text="Ny text")
    answer = client_as("director").post(url("round_item", held.pk, item.order), data, follow=True)
    assert "Något har hänt" in answer.content.decode()
    assert item.assignment.reports.get(version=2).state == ReportState.SUBMITTED
    page = client_as("director").get(url("round_item", held.pk, item.order)).content.decode()
    assert "Ny text" in page
    assert "Fältverksamheten var ute" in page


def test_a_report_of_another_assignment_is_not_taken(client_as):
    held = the_round("socialforvaltningen", "kommunstyrelseforvaltningen")
    other = held.items.get(assignment__organisation__slug="kommunstyrelseforvaltningen")
    mine = held.items.get(assignment__organisation__slug="socialforvaltningen")
    reported(other.assignment)
    data = judge(mine, "accept")
    assert client_as("director").post(url("round_item", held.pk, other.order), data).status_code == 404
    assert not Assignment.objects.filter(state=AssignmentState.ACCEPTED).exists()


@pytest.mark.parametrize("who", ["head_social", "officer_social", "police_liaison", "communicator", "auditor"])
def test_a_round_under_way_looks_missing_to_others(client_as, who):
    held = the_round()
    browser = client_as(who)
    assert browser.get(held.get_absolute_url()).status_code == 404
    assert browser.post(held.get_absolute_url()).status_code == 404
    assert browser.get(url("round_item", held.pk, 1)).status_code == 404
    assert browser.post(url("round_close", held.pk)).status_code == 404
    assert browser.post(url("round_new", held.decision_id), moment("held_at", timezone.now())).status_code == 403


def test_closed_minutes_are_read_by_heads_and_auditors_not_by_the_police(client_as):
    held = the_round()
    browser = client_as("director")
    browser.post(url("round_item", held.pk, 1), judge(held.items.get(), "accept"))
    browser.post(url("round_close", held.pk), {"seen": FollowUpRound.objects.get().revision})
    for who, status in {"head_social": 200, "auditor": 200, "police_liaison": 404, "officer_social": 404}.items():
        assert client_as(who).get(held.get_absolute_url()).status_code == status
    assert client_as("head_social").post(url("round_close", held.pk)).status_code == 403
    assert browser.get(url("round_item", held.pk, 1)).status_code == 303
    assert client_as(None).get(held.get_absolute_url()).status_code == 302


def test_a_draft_report_is_never_shown_in_the_round(client_as):
    assignment = make.issued_assignment()
    make.report_draft(assignment=assignment, done_text="Hemligt utkast")
    held = make.follow_up_round(decision=assignment.decision)
    assert "Hemligt utkast" not in client_as("director").get(held.get_absolute_url()).content.decode()


def test_item_page_needs_as_many_queries_for_many_as_for_one(client_as):
    draft = make.decision()
    for _each in range(12):
        make.assignment(decision=draft)
    decisions.decide_and_issue(SteeringDecision.objects.get(), by=make.acting("director"), now=timezone.now())
    many = make.follow_up_round(decision=SteeringDecision.objects.get())
    one = make.follow_up_round()
    browser = client_as("director")

    def count(held: FollowUpRound) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(url("round_item", held.pk, 1)).status_code == 200
        return len(queries)

    count(one)
    assert count(one) == count(many)


def test_reports_judged_outside_the_round_are_told_as_done(client_as):
    held = the_round()
    item = held.items.get()
    data = judge(item, "accept")
    reports.accept(item.assignment.reports.get(), by=make.acting("director"), now=timezone.now())
    page = client_as("director").get(url("round_item", held.pk, item.order)).content.decode()
    assert 'value="accept"' not in page
    assert "Godkänd" in page
    answer = client_as("director").post(url("round_item", held.pk, item.order), data)
    assert answer.status_code == 303

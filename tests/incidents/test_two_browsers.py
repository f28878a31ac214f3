"""R21: two people write in the same report at the same time. Neither text is lost, and nobody overwrites unaware."""

from __future__ import annotations

import pytest
from django.urls import reverse

from incidents.models import ReportBack
from lysekil_trygghet.history.queries import timeline_of
from tests import make_incidents as make

from .page_forms import PageForm, forms_of, send

pytestmark = pytest.mark.django_db
SAVE = {"spara": "1"}


@pytest.fixture
def report() -> ReportBack:
    return make.report_draft(done_text="Från början.")


def form_of(answer, url: str) -> PageForm:
    return next(form for form in forms_of(answer.content.decode(), url=url) if "done_text" in form.names)


def typing(form: PageForm, text: str) -> list[tuple[str, str]]:
    names = {name for name, _value in form.buttons}
    pairs = [pair for pair in form.with_(done_text=text) if pair[0] not in names]
    return [*pairs, *SAVE.items()]


def test_the_second_sees_both_texts_and_decides(client_as, report):
    url = reverse("incidents:report", args=[report.assignment_id])
    head, officer = client_as("head_social"), client_as("officer_social")
    opened = [form_of(browser.get(url), url) for browser in (head, officer)]

    first = send(head, opened[0], typing(opened[0], "Chefens text."))
    second = send(officer, opened[1], typing(opened[1], "Handläggarens text."))
    page = second.content.decode()

    assert (first.status_code, second.status_code) == (303, 409)
    assert "Någon annan har ändrat" in page
    assert "Chefens text." in page
    assert "Handläggarens text." in page
    assert ReportBack.objects.get().done_text == "Chefens text."

    # Having seen both, whoever saves again means it.
    shown = form_of(second, url)
    again = send(officer, shown, typing(shown, "Chefens text. Handläggarens text."))
    assert again.status_code == 303
    assert ReportBack.objects.get().done_text == "Chefens text. Handläggarens text."


def test_the_same_page_sent_twice_is_one_change(client_as, report):
    url = reverse("incidents:report", args=[report.assignment_id])
    head = client_as("head_social")
    form = form_of(head.get(url), url)
    before = len(timeline_of(report))

    answers = [send(head, form, typing(form, "En text.")).status_code for _ in range(2)]

    assert answers[0] == 303
    assert answers[1] in (303, 409)
    assert ReportBack.objects.get().done_text == "En text."
    assert len(timeline_of(report)) - before <= 1

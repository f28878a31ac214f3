"""The decision's pages in the browser's way: written, decided, issued, shared, revised, ended."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from incidents.lifecycle import AssignmentState, DecisionState
from incidents.models import Assignment, DraftShare, SteeringDecision
from incidents.operations import decisions as acts
from lysekil_trygghet.accounts.models import Organisation
from tests import make_incidents as make

pytestmark = pytest.mark.django_db
IDENTITY = "19640823-3234"


def url(name: str, *args) -> str:
    return reverse(f"incidents:{name}", args=args)


def moment(name: str, value: dt.datetime) -> dict[str, str]:
    local = timezone.localtime(value)
    return {f"{name}_0": f"{local:%Y-%m-%d}", f"{name}_1": f"{local:%H:%M}"}


def editor_data(decision: SteeringDecision, **changes) -> dict[str, object]:
    """What the editor sends for a draft as it stands."""
    data: dict[str, object] = {
        "seen": decision.revision,
        "aim": decision.aim,
        "formal_basis": decision.formal_basis,
        "urgency": decision.urgency,
        "punkt_row": [],
        "satt_row": [],
    }
    for key, point in enumerate(decision.points.all()):
        data["punkt_row"].append(str(key))
        data |= {f"punkt-{key}-pk": point.pk, f"punkt-{key}-text": point.text, f"punkt-{key}-is_public": "on"}
    return data | changes


def assignment_data(decision: SteeringDecision, *slugs: str, **changes) -> dict[str, object]:
    data: dict[str, object] = {
        "organisations": [org.pk for org in Organisation.objects.filter(slug__in=slugs)],
        "title": "Vuxna ute på kvällarna",
        "instruction": "Bemanna kvällar och helger.",
        "points": [point.pk for point in decision.points.all()],
        **moment("due_at", timezone.now() + dt.timedelta(days=8)),
    }
    return data | changes


# --- The whole way ----------------------------------------------------------------------------------


def test_from_new_draft_to_issued_assignments(client_as):
    response = make.response()
    browser = client_as("director")
    answer = browser.post(url("decision_new", response.pk), {"urgency": "ACUTE", "aim": "Mer trygghet."})
    decision = SteeringDecision.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, url("decision_edit", decision.pk))

    data = editor_data(decision, formal_basis="Instruktion för kommundirektören.", to_assignments="1")
    data |= {"punkt_row": ["1", "0"], "punkt-0-text": "Vara där unga är.", "punkt-1-text": "Laga det som är trasigt."}
    data |= {"punkt-1-no_assignment": "on", "punkt-1-no_assignment_reason": "Görs redan."}
    data |= {"satt_row": ["0"], "satt-0-text": "Uppsökande."}
    answer = browser.post(url("decision_edit", decision.pk), data)
    assert (answer.status_code, answer["Location"]) == (303, url("assignment_new", decision.pk))
    assert list(decision.points.values_list("text", flat=True)) == ["Laga det som är trasigt.", "Vara där unga är."]

    page = browser.get(url("assignment_new", decision.pk))
    assert page.status_code == 200
    data = assignment_data(decision, "socialforvaltningen", "utbildningsforvaltningen")
    answer = browser.post(url("assignment_new", decision.pk), data)
    assert answer.status_code == 303
    assert decision.assignments.count() == 2
    assert "Vuxna ute på kvällarna" in browser.get(url("decision_edit", decision.pk)).content.decode()

    page = browser.get(url("decision_decide_and_issue", decision.pk)).content.decode()
    assert "Socialförvaltningen" in page
    assert "Utbildningsförvaltningen" in page
    seen = SteeringDecision.objects.get().revision
    answer = browser.post(url("decision_decide_and_issue", decision.pk), {"seen": seen})
    assert answer.status_code == 303
    decision.refresh_from_db()
    assert decision.state == DecisionState.IN_FORCE
    assert decision.decided_by_function == "Kommundirektör"
    assert set(Assignment.objects.values_list("state", flat=True)) == {AssignmentState.ISSUED}
    page = browser.get(decision.get_absolute_url()).content.decode()
    assert "Beslutet fattades" in page
    assert "Gäller" in page

    # The second tap of the same button: a friendly word, nothing twice.
    answer = browser.post(url("decision_decide_and_issue", decision.pk), {"seen": seen}, follow=True)
    assert answer.status_code in (200, 409)
    assert SteeringDecision.objects.get().state == DecisionState.IN_FORCE


def test_decide_and_issue_separately(client_as):
    draft = make.assignment().decision
    browser = client_as("director")
    assert browser.post(url("decision_decide", draft.pk), {"seen": draft.revision}).status_code in (303, 409)
    decision = SteeringDecision.objects.get(pk=draft.pk)
    if decision.is_draft:
        browser.post(url("decision_decide", draft.pk), {"seen": decision.revision})
    assert SteeringDecision.objects.get(pk=draft.pk).state == DecisionState.DECIDED
    assert Assignment.objects.get().state == AssignmentState.DRAFT
    assert "Socialförvaltningen" in browser.get(url("decision_issue", draft.pk)).content.decode()
    assert client_as("coordinator").post(url("decision_issue", draft.pk)).status_code == 303
    assert Assignment.objects.get().state == AssignmentState.ISSUED


def test_what_is_missing_keeps_the_button_away(client_as):
    draft = make.decision(aim="", points=())
    page = client_as("director").get(url("decision_decide", draft.pk)).content.decode()
    assert "Målet saknas." in page
    assert "Det finns ingen inriktningspunkt" in page
    answer = client_as("director").post(url("decision_decide", draft.pk), {"seen": draft.revision})
    assert answer.status_code in (409, 422)
    assert SteeringDecision.objects.get().is_draft


def test_uncovered_points_are_named(client_as):
    draft = make.decision(points=("Ute på kvällarna.", "Laga ljuset."))
    make.assignment(decision=draft, points=[draft.points.first()])
    fresh = SteeringDecision.objects.get()
    answer = client_as("director").post(url("decision_decide_and_issue", draft.pk), {"seen": fresh.revision})
    assert answer.status_code == 422
    assert "Saknas för punkt 2" in answer.content.decode()
    assert SteeringDecision.objects.get().is_draft


# --- The editor's lists -----------------------------------------------------------------------------


def test_rows_are_added_moved_and_removed_without_script_and_nothing_is_stored(client_as):
    draft = make.decision(points=("Ett", "Två"))
    browser = client_as("coordinator")
    fresh = SteeringDecision.objects.get()
    page = browser.post(url("decision_edit", draft.pk), editor_data(fresh, add="punkt", aim="Nytt mål"))
    assert page.status_code == 200
    assert [row["words"] for row in page.context["points"]][:2] == ["Ett", "Två"]
    assert len(page.context["points"].forms) == 3
    assert "Nytt mål" in page.content.decode()
    assert "inte sparad" in page.content.decode()
    page = browser.post(url("decision_edit", draft.pk), editor_data(fresh, move="up:punkt.1"))
    assert [row["words"] for row in page.context["points"]] == ["Två", "Ett"]
    page = browser.post(url("decision_edit", draft.pk), editor_data(fresh, move="down:punkt.1"))
    assert [row["words"] for row in page.context["points"]] == ["Ett", "Två"]
    page = browser.post(url("decision_edit", draft.pk), editor_data(fresh, remove="punkt.0"))
    assert [row["words"] for row in page.context["points"]] == ["Två"]
    assert list(draft.points.values_list("text", flat=True)) == ["Ett", "Två"]
    scripted = browser.post(
        url("decision_edit", draft.pk), editor_data(fresh, move="up:punkt.1"), headers={"X-Requested-With": "reorder"}
    )
    assert scripted.status_code == 204
    browser.post(url("decision_edit", draft.pk), editor_data(fresh, punkt_row=["1", "0"]))
    assert list(draft.points.values_list("text", flat=True)) == ["Två", "Ett"]


def test_an_added_row_begins_as_shown_to_residents(client_as):
    draft = make.decision(points=("Ute på kvällarna.",))
    kept = {"punkt_row": ["0"], "punkt-0-text": "Ute på kvällarna.", "punkt-0-is_public": ""}
    page = client_as("coordinator").post(url("decision_edit", draft.pk), editor_data(draft, add="punkt") | kept)
    ticks = [row["form"]["is_public"].value() for row in page.context["points"]]
    assert [bool(tick) for tick in ticks] == [False, True]
    page = client_as("coordinator").post(url("decision_edit", draft.pk), editor_data(draft, add="satt"))
    assert [row["form"]["is_public"].value() for row in page.context["approaches"]] == [True]


@pytest.mark.parametrize("bad", [{"add": "x"}, {"move": "sideways:punkt.9"}, {"remove": "punkt.999999999999999999"}])
def test_strange_buttons_are_harmless(client_as, bad):
    draft = make.decision()
    data = editor_data(SteeringDecision.objects.get(), punkt_row=["0", "0", "x", "9" * 40], **bad)
    assert client_as("director").post(url("decision_edit", draft.pk), data).status_code in (200, 303, 422)
    assert draft.points.count() == 1


def test_a_stale_editor_loses_nothing(client_as):
    draft = make.decision()
    fresh = SteeringDecision.objects.get()
    old = editor_data(fresh, aim="Mitt mål")
    assert (
        client_as("coordinator").post(url("decision_edit", draft.pk), editor_data(fresh, aim="Ditt mål")).status_code
        == 303
    )
    answer = client_as("director").post(url("decision_edit", draft.pk), old)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Mitt mål" in page
    assert "Ditt mål" in page
    assert "Någon annan har ändrat" in page
    # Saving again, in the knowledge of both, goes through.
    again = old | {"seen": answer.context["form"]["seen"].value()}
    assert client_as("director").post(url("decision_edit", draft.pk), again).status_code == 303
    assert SteeringDecision.objects.get().aim == "Mitt mål"


def test_a_change_of_points_alone_makes_other_pages_stale(client_as):
    draft = make.decision()
    fresh = SteeringDecision.objects.get()
    client_as("coordinator").post(url("decision_edit", draft.pk), editor_data(fresh) | {"punkt-0-text": "Annat"})
    assert client_as("director").post(url("decision_edit", draft.pk), editor_data(fresh)).status_code == 409


@pytest.mark.parametrize("field", ["aim", "aim_en", "formal_basis", "punkt-0-text", "punkt-0-text_en", "satt-0-text"])
def test_an_identity_number_is_stopped_in_every_text(client_as, field):
    draft = make.decision()
    data = editor_data(SteeringDecision.objects.get(), satt_row=["0"]) | {"satt-0-text": "Lugnt."}
    data[field] = f"Prata med {IDENTITY} i dag"
    answer = client_as("director").post(url("decision_edit", draft.pk), data)
    assert answer.status_code == 422
    assert "Prata med" in answer.content.decode()
    stored = SteeringDecision.objects.get()
    assert IDENTITY not in f"{stored.aim}{stored.aim_en}{stored.formal_basis}"
    assert draft.points.get().text == "Vara där unga är."
    assert not draft.approaches.exists()


@pytest.mark.parametrize("text", ["a" * 1_000_000, "a\x00b"])
def test_too_long_or_broken_text_is_refused(client_as, text):
    draft = make.decision()
    answer = client_as("director").post(
        url("decision_edit", draft.pk), editor_data(SteeringDecision.objects.get(), aim=text)
    )
    assert answer.status_code == 422
    assert SteeringDecision.objects.get().aim == "Mer trygghet och mindre brott."


# --- Assignments ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"points": []},
        {"title": " "},
        {"title": f"Om {IDENTITY}"},
        {"instruction": f"Om {IDENTITY}"},
        {"public_text": f"Om {IDENTITY}"},
        {"organisations": []},
        {"due_at_0": "2019-01-01"},
        {"due_at_0": "9999-12-31"},
        {"due_at_0": "i morgon"},
    ],
)
def test_a_bad_assignment_is_refused_with_what_was_typed(client_as, change):
    draft = make.decision()
    data = assignment_data(draft, "socialforvaltningen", title="En rubrik") | change
    answer = client_as("coordinator").post(url("assignment_new", draft.pk), data)
    assert answer.status_code == 422
    assert "Bemanna kvällar" in answer.content.decode() or "instruction" in change
    assert not Assignment.objects.exists()


def test_a_double_tap_makes_one_assignment(client_as):
    draft = make.decision()
    browser = client_as("coordinator")
    once = browser.get(url("assignment_new", draft.pk)).context["form"]["once"].value()
    data = assignment_data(draft, "socialforvaltningen", once=once)
    places = {browser.post(url("assignment_new", draft.pk), data)["Location"] for _tap in range(2)}
    assert places == {url("decision_edit", draft.pk)}
    assert Assignment.objects.count() == 1


def test_a_refused_form_can_be_sent_again_with_the_same_token(client_as):
    draft = make.decision()
    browser = client_as("coordinator")
    data = assignment_data(draft, "socialforvaltningen", once="abc") | {"due_at_0": "2019-01-01"}
    assert browser.post(url("assignment_new", draft.pk), data).status_code == 422
    assert (
        browser.post(
            url("assignment_new", draft.pk), assignment_data(draft, "socialforvaltningen", once="abc")
        ).status_code
        == 303
    )


def test_a_draft_is_changed_and_removed_but_an_issued_one_is_not(client_as):
    assignment = make.assignment()
    browser = client_as("coordinator")
    data = assignment_data(assignment.decision, title="Ny rubrik") | {
        "organisation": assignment.organisation_id,
        "seen": assignment.revision,
    }
    assert browser.get(url("assignment_edit", assignment.pk)).status_code == 200
    assert browser.post(url("assignment_edit", assignment.pk), data).status_code == 303
    assert Assignment.objects.get().title == "Ny rubrik"
    assert browser.post(url("assignment_edit", assignment.pk), data).status_code == 409
    assert browser.get(url("assignment_remove", assignment.pk)).status_code == 200
    assert browser.post(url("assignment_remove", assignment.pk)).status_code == 303
    issued = make.issued_assignment()
    assert browser.get(url("assignment_edit", issued.pk)).status_code == 303
    assert browser.post(url("assignment_remove", issued.pk)).status_code == 422
    assert Assignment.objects.filter(pk=issued.pk).exists()


# --- Revision ---------------------------------------------------------------------------------------


def test_a_revision_asks_about_each_open_assignment_on_one_page(client_as):
    assignment = make.issued_assignment()
    old = assignment.decision
    browser = client_as("director")
    answer = browser.post(url("decision_revise", old.pk))
    new = SteeringDecision.objects.get(version=2)
    assert answer["Location"] == url("decision_choices", new.pk)
    assert browser.post(url("decision_revise", old.pk))["Location"] == new.get_absolute_url()
    prefix = f"uppdrag-{assignment.pk}"
    answer = browser.post(url("decision_choices", new.pk), {f"{prefix}-choice": "MOVE"})
    assert answer.status_code == 422
    answer = browser.post(
        url("decision_choices", new.pk), {f"{prefix}-choice": "CANCEL", f"{prefix}-reason": f"Om {IDENTITY}"}
    )
    assert answer.status_code == 422
    assert not new.revision_choices.exists()
    past = {f"{prefix}-choice": "MOVE", f"{prefix}-reason": "Mer tid", f"{prefix}-new_due_at_0": "2019-01-01"}
    past[f"{prefix}-new_due_at_1"] = "12:00"
    assert browser.post(url("decision_choices", new.pk), past).status_code == 422
    day = moment(f"{prefix}-new_due_at", timezone.now() + dt.timedelta(days=20))
    assert browser.post(url("decision_choices", new.pk), past | day).status_code == 303
    browser.post(url("decision_decide", new.pk), {"seen": new.revision})
    assert SteeringDecision.objects.get(pk=old.pk).state == DecisionState.REVISED
    page = browser.get(old.get_absolute_url()).content.decode()
    assert "ersatts av en ny version" in page
    assert new.get_absolute_url() in page
    assert Assignment.objects.get().decision_id == new.pk


def test_a_draft_is_discarded_after_a_question(client_as):
    draft = make.assignment().decision
    browser = client_as("coordinator")
    assert "går inte att ångra" in browser.get(url("decision_discard", draft.pk)).content.decode()
    assert browser.post(url("decision_discard", draft.pk)).status_code == 303
    assert not SteeringDecision.objects.exists()


# --- Sharing, ending --------------------------------------------------------------------------------


def test_a_draft_is_shared_only_with_open_eyes_and_once(client_as):
    draft = make.decision()
    police = Organisation.objects.get(slug="polisen")
    browser = client_as("director")
    page = browser.get(url("decision_share", draft.pk))
    assert "allmän handling" in page.content.decode()
    assert browser.post(url("decision_share", draft.pk), {"organisation": police.pk}).status_code == 422
    data = {"organisation": police.pk, "understood": "on", "once": page.context["form"]["once"].value()}
    for _tap in range(2):
        assert browser.post(url("decision_share", draft.pk), data).status_code == 303
    assert DraftShare.objects.count() == 1
    assert client_as("police_liaison").get(draft.get_absolute_url()).status_code == 404
    assert browser.post(url("decision_discard", draft.pk)).status_code == 422


def test_a_decision_is_ended_with_a_text(client_as):
    report = make.submitted_report()
    decision = report.assignment.decision
    now = timezone.now()
    director = make.acting("director")
    from incidents.operations import reports, rounds

    reports.accept(report, by=director, now=now)
    held = rounds.start(rounds.plan_round(decision, held_at=now, by=director, now=now), by=director, now=now)
    rounds.close(held, by=director, now=now)
    browser = client_as("director")
    decision = SteeringDecision.objects.get()
    assert browser.post(url("decision_follow_up", decision.pk), {"seen": decision.revision}).status_code == 303
    decision = SteeringDecision.objects.get()
    data = {"seen": decision.revision, "closing_text": ""}
    assert browser.post(url("decision_end", decision.pk), data).status_code == 422
    assert browser.post(url("decision_end", decision.pk), data | {"closing_text": f"Om {IDENTITY}"}).status_code == 422
    assert browser.post(url("decision_end", decision.pk), data | {"closing_text": "Klart."}).status_code == 303
    assert SteeringDecision.objects.get().state == DecisionState.ENDED


def test_follow_up_says_which_are_unanswered(client_as):
    assignment = make.issued_assignment()
    decision = assignment.decision
    held = make.follow_up_round(decision=decision)
    from incidents.operations import rounds

    rounds.note_no_report(held.items.get(), note="", by=make.acting("director"), now=timezone.now())
    rounds.close(held, by=make.acting("director"), now=timezone.now())
    browser = client_as("director")
    assert assignment.number in browser.get(url("decision_follow_up", decision.pk)).content.decode()
    answer = browser.post(url("decision_follow_up", decision.pk), {"seen": SteeringDecision.objects.get().revision})
    assert answer.status_code == 422
    assert assignment.number in answer.content.decode()


# --- Who may ----------------------------------------------------------------------------------------

LEADER_PAGES = ("decision_edit", "decision_issue", "decision_discard", "assignment_new")
DIRECTOR_PAGES = ("decision_decide", "decision_decide_and_issue", "decision_share", "decision_end", "decision_revise")


@pytest.mark.parametrize(
    "who", ["head_social", "officer_social", "police_liaison", "communicator", "registrar", "auditor"]
)
def test_a_draft_looks_missing_to_others(client_as, who):
    draft = make.assignment().decision
    browser = client_as(who)
    assert browser.get(draft.get_absolute_url()).status_code == 404
    for name in (*LEADER_PAGES, *DIRECTOR_PAGES):
        assert browser.post(url(name, draft.pk)).status_code == 404
    assert browser.get(url("assignment_edit", Assignment.objects.get().pk)).status_code == 404
    assert browser.post(url("decision_new", draft.response_id), {"urgency": "ACUTE"}).status_code == 403
    assert SteeringDecision.objects.count() == 1


def test_the_coordinator_writes_but_does_not_decide(client_as):
    draft = make.decision()
    browser = client_as("coordinator")
    page = browser.get(draft.get_absolute_url()).content.decode()
    assert url("decision_edit", draft.pk) in page
    assert url("decision_decide", draft.pk) not in page
    for name in DIRECTOR_PAGES:
        assert browser.post(url(name, draft.pk)).status_code == 403
    assert SteeringDecision.objects.get().is_draft


def test_a_head_reads_a_decision_with_only_the_own_assignments(client_as):
    draft = make.decision()
    make.assignment(decision=draft, title="Socialens eget")
    make.assignment(decision=draft, title="Skolans eget", organisation=make.department("utbildningsforvaltningen"))
    director = make.acting("director")
    acts.decide_and_issue(SteeringDecision.objects.get(), by=director, now=timezone.now())
    page = client_as("head_social").get(draft.get_absolute_url()).content.decode()
    assert "Socialens eget" in page
    assert "Skolans eget" not in page
    page = client_as("police_liaison").get(draft.get_absolute_url()).content.decode()
    assert "Socialens eget" not in page
    assert "Vara där unga är." in page
    assert client_as("head_social").post(url("decision_revise", draft.pk)).status_code == 403


def test_nobody_comes_in_without_signing_in(client_as):
    draft = make.decision()
    for name in ("decision", *LEADER_PAGES, *DIRECTOR_PAGES):
        answer = client_as(None).get(url(name, draft.pk))
        assert answer.status_code == 302
        assert "/konto/" in answer["Location"]


@pytest.mark.parametrize("query", ["?page=%00", "?page=abc&x=%ff", "?uppdrag=" + "9" * 400])
def test_garbage_in_the_address_is_no_error(client_as, query):
    draft = make.decision()
    assert client_as("director").get(draft.get_absolute_url() + query).status_code in (200, 400)
    assert client_as("director").get(f"/arbete/beslut/{'9' * 30}/").status_code == 404


def test_the_page_needs_as_many_queries_for_many_as_for_one(client_as):
    draft = make.decision()
    make.assignment(decision=draft)
    browser = client_as("director")

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(draft.get_absolute_url()).status_code == 200
            assert browser.get(url("decision_edit", draft.pk)).status_code == 200
        return len(queries)

    count()
    few = count()
    for _each in range(12):
        make.assignment(decision=draft)
    assert count() == few

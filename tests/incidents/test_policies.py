"""Who sees and may do what: every person × every state, the list and the single question give the same answer."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.db import models, transaction

from incidents import policies, whose
from incidents.lifecycle import (
    DECISIONS_TAKEN,
    AssignmentState,
    DecisionState,
    ReportState,
    RequestState,
    RoundState,
    StatusReportState,
)
from incidents.models import (
    Assignment,
    AssignmentRequest,
    DraftShare,
    FollowUpRound,
    ReportBack,
    Response,
    StatusReport,
    SteeringDecision,
)
from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.demo import PEOPLE
from lysekil_trygghet.accounts.models import Organisation, Power, Role

from .. import make

pytestmark = pytest.mark.django_db

TODAY = make.TODAY
NOW = make.NOW
SOCIAL, EDUCATION, EXECUTIVE = "socialforvaltningen", "utbildningsforvaltningen", "kommunstyrelseforvaltningen"
LABOUR, LEADERSHIP = "arbetsmarknadsavdelningen", "kommunledning"

DEMO = [person.key for person in PEOPLE]
OTHERS = [
    "deputy",  # head of the labour market department, decides in the director's stead
    "only_deputy",  # holds no role, decides in the director's stead
    "submitter",  # holds no role, submits for social services
    "officer_who_submits",  # case officer in education, submits for social services
    "judge",  # case officer in urban planning, accepts reports by delegation
    "judge_who_submits",  # accepts by delegation, and submits for social services
    "former_deputy",  # the delegation has ended
    "former_head",  # was head of social services until yesterday
    "coming_head",  # becomes head of social services tomorrow
    "deactivated",  # head of social services who may no longer sign in
    "two_jobs",  # case officer in social services and in education
    "police_with_powers",  # a delegation that should never have been written down
    "nobody",
    "the_portal",
]
EVERYBODY = DEMO + OTHERS

DEPARTMENT_PEOPLE = {
    SOCIAL: {"head_social", "officer_social", "submitter", "officer_who_submits", "judge_who_submits", "two_jobs"},
    EDUCATION: {"head_education", "officer_education", "officer_who_submits", "two_jobs"},
    EXECUTIVE: {"head_executive", "officer_executive", "coordinator", "communicator", "registrar"},
    LABOUR: {"head_labour", "officer_labour", "deputy"},
    # Auditor and elected belong here too, but follow the work without doing it.
    LEADERSHIP: {"director", "administrator"},
}
LEADING = {"director", "coordinator", "deputy", "only_deputy"}
OVERSEEING = {"communicator", "registrar", "auditor", "elected", "researcher", "administrator"}
JUDGING = {"judge", "judge_who_submits"}
OUTSIDE = {"former_deputy", "former_head", "coming_head", "deactivated", "nobody", "the_portal"}
INSIDE = set(EVERYBODY) - OUTSIDE


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The demo people and some odd ones; one of each thing in each state, for each department."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield _world()
        transaction.set_rollback(True)


def _world() -> SimpleNamespace:
    people = make.people()
    organisations = {organisation.slug: organisation for organisation in Organisation.objects.all()}
    actors = {key: Actor.of(user, on=TODAY) for key, user in people.items()}

    def person(*roles: tuple[str, str], powers: tuple[tuple[Power, str], ...] = (), **fields) -> Actor:
        user = make.user(**fields)
        for role, slug in roles:
            make.membership(user=user, organisation=organisations[slug], role=role)
        for power, slug in powers:
            make.delegation(user=user, organisation=organisations[slug], power=power)
        return Actor.of(user, on=TODAY)

    actors["deputy"] = person((Role.DEPARTMENT_HEAD, LABOUR), powers=((Power.DECIDE, LEADERSHIP),))
    actors["only_deputy"] = person(powers=((Power.DECIDE, LEADERSHIP),))
    actors["submitter"] = person(powers=((Power.SUBMIT_REPORTS, SOCIAL),))
    actors["officer_who_submits"] = person((Role.OFFICER, EDUCATION), powers=((Power.SUBMIT_REPORTS, SOCIAL),))
    actors["judge"] = person(
        (Role.OFFICER, "samhallsbyggnadsforvaltningen"), powers=((Power.ACCEPT_REPORTS, LEADERSHIP),)
    )
    actors["judge_who_submits"] = person(
        powers=((Power.ACCEPT_REPORTS, LEADERSHIP), (Power.SUBMIT_REPORTS, SOCIAL)),
    )
    gone = make.user()
    make.delegation(
        user=gone, organisation=organisations[LEADERSHIP], power=Power.DECIDE, valid_to=TODAY - dt.timedelta(days=1)
    )
    actors["former_deputy"] = Actor.of(gone, on=TODAY)
    for key, dates in (
        ("former_head", {"valid_to": TODAY - dt.timedelta(days=1)}),
        ("coming_head", {"valid_from": TODAY + dt.timedelta(days=1)}),
    ):
        user = make.user()
        make.membership(user=user, organisation=organisations[SOCIAL], role=Role.DEPARTMENT_HEAD, **dates)
        actors[key] = Actor.of(user, on=TODAY)
    actors["deactivated"] = person((Role.DEPARTMENT_HEAD, SOCIAL), is_active=False)
    actors["two_jobs"] = person((Role.OFFICER, SOCIAL), (Role.OFFICER, EDUCATION))
    actors["police_with_powers"] = person(
        (Role.MUNICIPAL_POLICE_OFFICER, "polisen"),
        powers=((Power.ACCEPT_REPORTS, LEADERSHIP), (Power.SUBMIT_REPORTS, SOCIAL)),
    )
    actors["nobody"] = Actor.nobody()
    actors["the_portal"] = Actor.system()

    response = Response.objects.create(title="Insats", slug="insats", started_at=NOW)
    things: dict[str, dict[tuple[str, str], models.Model]] = {
        name: {} for name in ("decision", "assignment", "report", "status")
    }
    for number, state in enumerate(DecisionState, start=1):
        things["decision"]["", state] = SteeringDecision.objects.create(
            response=response, number=f"2020-{number}", state=state, decided_at=NOW
        )
    decision = things["decision"]["", DecisionState.IN_FORCE]
    order = 0
    for slug in DEPARTMENT_PEOPLE:
        common = {"decision": decision, "organisation": organisations[slug], "due_at": NOW, "issued_at": NOW}
        for state in AssignmentState:
            order += 1
            things["assignment"][slug, state] = Assignment.objects.create(
                **common, order=order, title="Uppdrag", instruction="Gör.", ladder_from=NOW, state=state,
                cancelled_reason="Skäl",
            )  # fmt: skip
        for state in ReportState:
            order += 1
            assignment = Assignment.objects.create(
                **common, order=order, title="Uppdrag", instruction="Gör.", ladder_from=NOW,
                state=AssignmentState.REPORTED,
            )  # fmt: skip
            things["report"][slug, state] = ReportBack.objects.create(
                assignment=assignment, version=1, state=state, submitted_at=NOW, secrecy_checked_at=NOW
            )
        for state in StatusReportState:
            things["status"][slug, state] = StatusReport.objects.create(
                response=response, organisation=organisations[slug], text="Lugnt.", state=state
            )
    return SimpleNamespace(actors=actors, things=things, organisations=organisations, response=response)


KINDS = {
    "decision": (SteeringDecision, policies.can_see_decision, DecisionState, [""]),
    "assignment": (Assignment, policies.can_see_assignment, AssignmentState, list(DEPARTMENT_PEOPLE)),
    "report": (ReportBack, policies.can_see_report, ReportState, list(DEPARTMENT_PEOPLE)),
    "status": (StatusReport, policies.can_see_status_report, StatusReportState, list(DEPARTMENT_PEOPLE)),
}


def expected_readers(kind: str, slug: str, state: str) -> set[str]:
    """The table of docs/rules.md, written down once more."""
    if kind == "decision":
        return INSIDE if state in DECISIONS_TAKEN else LEADING
    own = DEPARTMENT_PEOPLE[slug]
    if kind == "assignment":
        return LEADING if state == AssignmentState.DRAFT else LEADING | OVERSEEING | JUDGING | own
    if kind == "report":
        return own if state == ReportState.DRAFT else LEADING | OVERSEEING | JUDGING | own
    if state == StatusReportState.DRAFT:
        return own
    return own | LEADING | {"registrar", "auditor", "researcher"}


ROWS = [
    pytest.param(kind, slug, state, id=f"{kind}-{slug or 'all'}-{state}")
    for kind, (_model, _policy, states, slugs) in KINDS.items()
    for slug in slugs
    for state in states
]


@pytest.mark.parametrize(("kind", "slug", "state"), ROWS)
def test_the_list_and_the_single_answer_agree_with_the_table_for_everybody(world, kind, slug, state):
    model, can_see, _states, _slugs = KINDS[kind]
    thing = world.things[kind][slug, state]

    in_list = who_may(world, lambda actor: model.objects.visible_to(actor).filter(pk=thing.pk).exists())
    alone = who_may(world, lambda actor: can_see(actor, thing))

    assert set(world.actors) == set(EVERYBODY)
    assert in_list == alone
    assert alone == expected_readers(kind, slug, state)


def who_may(world, question) -> set[str]:
    return {key for key, actor in world.actors.items() if question(actor)}


# --- The rows that matter most, said in words ---------------------------------------------------------


def test_one_department_cannot_read_the_drafts_of_another(world):
    draft = world.things["report"][SOCIAL, ReportState.DRAFT]
    readers = who_may(world, lambda actor: policies.can_see_report(actor, draft))
    assert {"head_education", "officer_education", "head_executive", "director", "coordinator"}.isdisjoint(readers)
    assert {"head_social", "officer_social"} <= readers


@pytest.mark.parametrize("police", ["police_liaison", "lpo_chief", "police_with_powers"])
def test_the_police_read_no_municipal_draft_and_no_assignment(world, police):
    actor = world.actors[police]
    assert not SteeringDecision.objects.visible_to(actor).filter(state=DecisionState.DRAFT).exists()
    assert not Assignment.objects.visible_to(actor).exists()
    assert not ReportBack.objects.visible_to(actor).exists()
    assert not StatusReport.objects.visible_to(actor).exists()


@pytest.mark.parametrize(
    ("slug", "judges"),
    [
        (SOCIAL, {"director", "coordinator", "deputy", "only_deputy", "judge"}),
        (EDUCATION, {"director", "coordinator", "deputy", "only_deputy", "judge", "judge_who_submits"}),
        # The coordinator belongs to the executive board's department, the deputy to the labour market's.
        (EXECUTIVE, {"director", "deputy", "only_deputy", "judge", "judge_who_submits"}),
        (LABOUR, {"director", "coordinator", "only_deputy", "judge", "judge_who_submits"}),
    ],
)
def test_who_accepts_and_returns_what_a_department_reports(world, slug, judges):
    waiting = world.things["report"][slug, ReportState.SUBMITTED]
    assert who_may(world, lambda actor: policies.can_judge_report(actor, waiting)) == judges
    assert judges.isdisjoint(DEPARTMENT_PEOPLE[slug])
    for state in set(ReportState) - {ReportState.SUBMITTED}:
        other = world.things["report"][slug, state]
        assert who_may(world, lambda actor, other=other: policies.can_judge_report(actor, other)) == set()


def test_whoever_judges_can_read_what_is_judged(world):
    for (_slug, state), report in world.things["report"].items():
        for actor in world.actors.values():
            if state == ReportState.SUBMITTED and policies.can_judge_report(actor, report):
                assert policies.can_see_report(actor, report)


def test_nobody_judges_what_they_submitted_before_they_moved(world):
    mover = world.actors["judge"]
    waiting = world.things["report"][SOCIAL, ReportState.SUBMITTED]
    assert policies.can_judge_report(mover, waiting)
    theirs = ReportBack(assignment=waiting.assignment, state=ReportState.SUBMITTED, submitted_by=mover.user)
    assert not policies.can_judge_report(mover, theirs)


def test_who_submits_for_a_department(world):
    draft = world.things["report"][SOCIAL, ReportState.DRAFT]
    submitting = {"head_social", "submitter", "officer_who_submits", "judge_who_submits"}
    assert who_may(world, lambda actor: policies.can_submit_report(actor, draft)) == submitting
    assert who_may(world, lambda actor: policies.can_share_report_draft(actor, draft)) == submitting
    owed = world.things["assignment"][SOCIAL, AssignmentState.ACKNOWLEDGED]
    assert who_may(world, lambda actor: policies.can_request(actor, owed)) == submitting


@pytest.mark.parametrize("state", AssignmentState)
def test_what_a_department_may_do_with_an_assignment_in_each_state(world, state):
    assignment = world.things["assignment"][SOCIAL, state]
    working = {
        "head_social",
        "officer_social",
        "submitter",
        "officer_who_submits",
        "judge_who_submits",
        "two_jobs",
    }
    owed = state in (AssignmentState.ISSUED, AssignmentState.ACKNOWLEDGED, AssignmentState.RETURNED)
    is_open = owed or state == AssignmentState.REPORTED

    def may(question) -> set[str]:
        return who_may(world, lambda actor: question(actor, assignment))

    assert may(policies.can_acknowledge) == (working if state == AssignmentState.ISSUED else set())
    assert may(policies.can_note_progress) == (working if is_open else set())
    assert may(policies.can_draft_report) == (working if is_open else set())
    assert may(policies.can_appoint_officer) == ({"head_social"} if is_open else set())
    assert may(policies.can_move_due) == ({"director", "deputy", "only_deputy"} if owed else set())
    assert may(policies.can_cancel_assignment) == ({"director", "deputy", "only_deputy"} if is_open else set())
    assert may(policies.can_record_exception) == ({"director", "deputy", "only_deputy"} if is_open else set())
    assert may(policies.can_edit_assignment) == (LEADING if state == AssignmentState.DRAFT else set())


@pytest.mark.parametrize("state", DecisionState)
def test_what_leaders_may_do_with_a_decision_in_each_state(world, state):
    decision = world.things["decision"]["", state]
    draft = state == DecisionState.DRAFT
    editing = who_may(world, lambda actor: policies.can_edit_decision(actor, decision))
    assert editing == (LEADING if draft else set())
    sharing = who_may(world, lambda actor: policies.can_share_decision_draft(actor, decision))
    assert sharing == ({"director", "deputy", "only_deputy"} if draft else set())


def test_who_decides_leads_issues_and_convenes(world):
    assert who_may(world, policies.can_decide) == {"director", "deputy", "only_deputy"}
    assert who_may(world, policies.can_close_response) == {"director", "deputy", "only_deputy"}
    for question in (policies.can_lead, policies.can_issue, policies.can_convene, policies.can_approve_content):
        assert who_may(world, question) == LEADING
    assert who_may(world, policies.can_hold_round) == LEADING | JUDGING


def test_only_police_roles_confirm_and_move_what_the_police_do(world):
    police = {"police_liaison", "lpo_chief", "police_with_powers"}
    assert who_may(world, policies.can_confirm_police_text) == police
    assert who_may(world, policies.can_move_undertaking) == police
    assert who_may(world, policies.can_see_police_page) == police | LEADING | {"communicator"}


def test_only_the_communicator_publishes(world):
    assert who_may(world, policies.can_publish) == {"communicator"}
    for question in (
        policies.can_write_public_texts,
        policies.can_see_publish_queue,
        policies.can_edit_contact_points,
        policies.can_write_staff_messages,
    ):
        assert who_may(world, question) == LEADING | {"communicator"}


def test_the_registrar_and_the_coordinator_set_diary_numbers(world):
    assert who_may(world, policies.can_set_diary_numbers) == {"registrar", "coordinator"}


def test_who_sees_the_overview_responses_and_staff_messages(world):
    police = {"police_liaison", "lpo_chief", "police_with_powers"}
    assert who_may(world, policies.can_see_responses) == INSIDE
    assert who_may(world, policies.can_see_overview) == INSIDE - police
    staff = who_may(world, policies.can_read_staff_messages)
    assert staff.isdisjoint(police | OUTSIDE | {"auditor", "elected", "researcher"})
    assert {"director", "officer_labour", "registrar", "administrator"} <= staff
    notes = who_may(world, policies.can_see_meeting_notes)
    assert notes.isdisjoint(police | OUTSIDE | {"officer_social", "elected"})
    assert {"director", "head_social", "communicator", "registrar", "deputy"} <= notes


def test_a_round_is_read_when_it_is_closed(world):
    decision = world.things["decision"]["", DecisionState.IN_FORCE]
    for state in (RoundState.PLANNED, RoundState.ONGOING):
        going_on = FollowUpRound(decision=decision, held_at=NOW, state=state)
        readers = who_may(world, lambda actor, held=going_on: policies.can_see_round(actor, held))
        assert readers == LEADING | JUDGING
    closed = FollowUpRound(decision=decision, held_at=NOW, state=RoundState.CLOSED)
    readers = who_may(world, lambda actor: policies.can_see_round(actor, closed))
    assert readers >= LEADING | JUDGING | OVERSEEING | {"head_social"}
    assert readers.isdisjoint({"police_liaison", "police_with_powers", "officer_social"} | OUTSIDE)


def test_the_director_answers_requests_while_they_wait(world):
    for state in RequestState:
        request = AssignmentRequest(state=state)
        may = who_may(world, lambda actor, asked=request: policies.can_answer_request(actor, asked))
        assert may == ({"director", "deputy", "only_deputy"} if state == RequestState.OPEN else set())


def test_status_reports_are_written_by_the_department_and_submitted_by_its_head(world):
    social = world.organisations[SOCIAL]
    draft = world.things["status"][SOCIAL, StatusReportState.DRAFT]
    sent = world.things["status"][SOCIAL, StatusReportState.SUBMITTED]
    assert who_may(world, lambda actor: policies.can_write_status_report(actor, social)) == {
        "head_social",
        "officer_social",
        "two_jobs",
    }
    submitting = {"head_social", "submitter", "officer_who_submits", "judge_who_submits"}
    assert who_may(world, lambda actor: policies.can_submit_status_report(actor, draft)) == submitting
    assert who_may(world, lambda actor: policies.can_submit_status_report(actor, sent)) == set()
    # Whoever may submit a draft can read it.
    assert submitting <= who_may(world, lambda actor: policies.can_see_status_report(actor, draft))


def test_a_shared_draft_is_read_by_the_receiver_and_by_those_who_see_the_draft(world):
    draft = world.things["report"][SOCIAL, ReportState.DRAFT]
    share = DraftShare(report=draft, organisation=world.organisations["polisen"])
    readers = who_may(world, lambda actor: policies.can_see_share(actor, share))
    assert readers == DEPARTMENT_PEOPLE[SOCIAL] | {"police_liaison", "lpo_chief", "police_with_powers"}
    decision = world.things["decision"]["", DecisionState.DRAFT]
    share = DraftShare(decision=decision, organisation=world.organisations[EDUCATION])
    readers = who_may(world, lambda actor: policies.can_see_share(actor, share))
    assert readers == LEADING | {"head_education", "officer_education", "officer_who_submits", "two_jobs"}


def test_whose_work_somebody_does(world):
    ids = {slug: organisation.pk for slug, organisation in world.organisations.items()}
    assert whose.answers_for(world.actors["officer_who_submits"]) == {ids[SOCIAL], ids[EDUCATION]}
    assert whose.answers_for(world.actors["auditor"]) == frozenset()
    assert whose.answers_for(world.actors["police_liaison"]) == frozenset()
    assert whose.works_in(world.actors["police_liaison"]) == {ids["polisen"]}
    assert whose.answers_for(world.actors["nobody"]) == frozenset()

"""Who sees and may do what with sets and promises: every person × every state, list and single answer alike."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.db import transaction

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.demo import PEOPLE
from lysekil_trygghet.accounts.models import Organisation, Power, Role
from pledges import policies
from pledges.lifecycle import SETS_RUNNING, PartyRole, ProposalState, SetState
from pledges.models import Commitment, CommitmentParty, PledgeSet, PriorityArea, SetShare, StatusProposal

from .. import make

pytestmark = [pytest.mark.django_db, pytest.mark.same_everywhere]

NOW, TODAY = make.NOW, make.TODAY
SOCIAL, EDUCATION, LABOUR = "socialforvaltningen", "utbildningsforvaltningen", "arbetsmarknadsavdelningen"
LEADERSHIP, POLISEN = "kommunledning", "polisen"

DEMO = [person.key for person in PEOPLE]
OTHERS = [
    "deputy",  # head of the labour market department, decides in the director's stead
    "only_deputy",  # holds no role, decides in the director's stead
    "submitter",  # holds no role, submits for social services
    "former_deputy",  # the delegation has ended
    "former_head",  # was head of social services until yesterday
    "deactivated",  # head of social services who may no longer sign in
    "two_jobs",  # case officer in social services and in education
    "auditor_in_social",  # follows social services without doing its work
    "police_and_coordinator",  # both parties in one person: then the Police's rules hold
    "police_with_powers",  # a delegation that should never have been written down
    "nobody",
    "the_portal",
]
EVERYBODY = DEMO + OTHERS

WRITING = {"director", "coordinator", "deputy", "only_deputy"}
DIRECTING = {"director", "deputy", "only_deputy"}
POLICE = {"police_liaison", "lpo_chief", "police_and_coordinator", "police_with_powers"}
SOCIALS = {"head_social", "officer_social", "submitter", "two_jobs"}
SEES_SHARED = {"head_social", "officer_social", "two_jobs"}
OUTSIDE = {"former_deputy", "former_head", "deactivated", "nobody", "the_portal"}
INSIDE = set(EVERYBODY) - OUTSIDE
NOBODY: set[str] = set()
# How a draft was shown: to nobody, to the Police, to social services.
SHOWN = ("", "police", "social")


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The demo people and some odd ones; one set in each state and drafts shown in each way."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield _world()
        transaction.set_rollback(True)


def _world() -> SimpleNamespace:
    people = make.people()
    organisations = {organisation.slug: organisation for organisation in Organisation.objects.all()}
    actors = {key: Actor.of(user, on=TODAY) for key, user in people.items()}

    def person(*roles: tuple[str, str], powers: tuple[tuple[Power, str], ...] = (), **fields) -> Actor:
        dates = {"valid_to": fields.pop("until")} if "until" in fields else {}
        user = make.user(**fields)
        for role, slug in roles:
            make.membership(user=user, organisation=organisations[slug], role=role, **dates)
        for power, slug in powers:
            make.delegation(user=user, organisation=organisations[slug], power=power, **dates)
        return Actor.of(user, on=TODAY)

    yesterday = TODAY - dt.timedelta(days=1)
    decides = ((Power.DECIDE, LEADERSHIP),)
    actors["deputy"] = person((Role.DEPARTMENT_HEAD, LABOUR), powers=decides)
    actors["only_deputy"] = person(powers=decides)
    actors["submitter"] = person(powers=((Power.SUBMIT_REPORTS, SOCIAL),))
    actors["former_deputy"] = person(powers=decides, until=yesterday)
    actors["former_head"] = person((Role.DEPARTMENT_HEAD, SOCIAL), until=yesterday)
    actors["deactivated"] = person((Role.DEPARTMENT_HEAD, SOCIAL), is_active=False)
    actors["two_jobs"] = person((Role.OFFICER, SOCIAL), (Role.OFFICER, EDUCATION))
    actors["auditor_in_social"] = person((Role.AUDITOR, SOCIAL))
    actors["police_and_coordinator"] = person(
        (Role.MUNICIPAL_POLICE_OFFICER, POLISEN), (Role.COORDINATOR, "kommunstyrelseforvaltningen")
    )
    actors["police_with_powers"] = person(
        (Role.MUNICIPAL_POLICE_OFFICER, POLISEN),
        powers=((Power.DECIDE, LEADERSHIP), (Power.SUBMIT_REPORTS, SOCIAL)),
    )
    actors["nobody"] = Actor.nobody()
    actors["the_portal"] = Actor.system()
    proposer = people["coordinator"]
    sets = {
        (state, shown): _set(state, shown, organisations, proposer)
        for state in SetState
        for shown in (SHOWN if state == SetState.DRAFT else ("",))
    }
    return SimpleNamespace(actors=actors, sets=sets, organisations=organisations)


def _set(state: str, shown: str, organisations: dict[str, Organisation], proposer) -> PledgeSet:
    made = PledgeSet.objects.create(
        slug=f"loften-{state}-{shown}".lower(),
        title="Löften",
        period_start=TODAY,
        period_end=TODAY,
        state=state,
        published_at=NOW,
        closed_at=NOW,
        withdrawn_reason="Skäl",
        opened_to_police_at=NOW if shown == "police" else None,
        closing_proposed_at=NOW if state == SetState.CLOSING else None,
        closing_proposed_by=proposer if state == SetState.CLOSING else None,
    )
    if shown == "social":
        SetShare.objects.create(pledge_set=made, organisation=organisations[SOCIAL], shared_at=NOW)
    area = PriorityArea.objects.create(pledge_set=made, order=1, title="A")
    # 1 social services alone, 2 the Police alone, 3 both lead, 4 social services lead with the Police's help.
    parties = (
        ((SOCIAL, PartyRole.LEAD),),
        ((POLISEN, PartyRole.LEAD),),
        ((SOCIAL, PartyRole.LEAD), (POLISEN, PartyRole.LEAD)),
        ((SOCIAL, PartyRole.LEAD), (POLISEN, PartyRole.CONTRIBUTING)),
    )
    for number, rows in enumerate(parties, start=1):
        promise = Commitment.objects.create(pledge_set=made, area=area, number=number, text_as_promised="Vi ska.")
        for slug, role in rows:
            CommitmentParty.objects.create(commitment=promise, organisation=organisations[slug], role=role)
    return made


ROWS = [
    pytest.param(state, shown, id=f"{state}-{shown or 'unshown'}")
    for state in SetState
    for shown in (SHOWN if state == SetState.DRAFT else ("",))
]


def who_may(world, question) -> set[str]:
    return {key for key, actor in world.actors.items() if question(actor)}


def readers(state: str, shown: str) -> set[str]:
    """The table of docs/rules.md, written down once more."""
    if state != SetState.DRAFT:
        return INSIDE
    return WRITING | {"police": POLICE, "social": SEES_SHARED, "": NOBODY}[shown]


@pytest.mark.parametrize(("state", "shown"), ROWS)
def test_the_list_and_the_single_answer_agree_with_the_table_for_everybody(world, state, shown):
    made = world.sets[state, shown]
    promise = made.commitments.first()

    in_list = who_may(world, lambda actor: PledgeSet.objects.visible_to(actor).filter(pk=made.pk).exists())
    alone = who_may(world, lambda actor: policies.can_see_set(actor, made))
    promise_in_list = who_may(world, lambda actor: Commitment.objects.visible_to(actor).filter(pk=promise.pk).exists())
    promise_alone = who_may(world, lambda actor: policies.can_see_commitment(actor, promise))

    assert set(world.actors) == set(EVERYBODY)
    assert in_list == alone == promise_in_list == promise_alone == readers(state, shown)


# --- The set: each question × each state ----------------------------------------------------------------

S = SetState
# The question, and who may in which states; in all others nobody may.
SET_QUESTIONS = {
    "can_edit_set": {S.DRAFT: WRITING},
    "can_share_set": {S.DRAFT: WRITING},
    "can_open_to_police": {S.DRAFT: WRITING},
    "can_keep_set": dict.fromkeys((S.DRAFT, S.AGREED, S.SIGNED, S.PUBLISHED, S.CLOSING), WRITING),
    "can_agree_for_municipality": {S.DRAFT: {"coordinator"}},
    "can_agree_for_police": {},
    "can_reopen_set": {S.AGREED: WRITING, S.SIGNED: WRITING},
    "can_record_signatures": {S.AGREED: WRITING, S.SIGNED: WRITING},
    "can_sign_set": {S.AGREED: WRITING},
    "can_publish_set": {S.SIGNED: {"communicator"}},
    "can_prolong_set": {S.PUBLISHED: WRITING, S.CLOSING: WRITING},
    "can_withdraw_set": {S.PUBLISHED: DIRECTING, S.CLOSING: DIRECTING},
    "can_write_closing_text": {S.PUBLISHED: WRITING, S.CLOSING: WRITING},
    "can_propose_closing": {},
    "can_approve_closing": {S.CLOSING: DIRECTING | POLICE},
    "can_take_back_closing": {S.CLOSING: WRITING | POLICE},
    "can_set_diary_number": {
        **{state: {"coordinator", "registrar", "police_and_coordinator"} for state in SetState},
        S.DRAFT: {"coordinator"},
    },
}


@pytest.mark.parametrize("state", list(SetState))
@pytest.mark.parametrize("question", list(SET_QUESTIONS))
def test_who_may_do_what_with_a_set_in_each_state(world, question, state):
    made = world.sets[state, ""]
    ask = getattr(policies, question)
    assert who_may(world, lambda actor: ask(actor, made)) == SET_QUESTIONS[question].get(state, NOBODY)


def test_the_police_agree_to_what_was_opened_to_them_and_open_nothing_twice(world):
    opened = world.sets[S.DRAFT, "police"]
    assert who_may(world, lambda actor: policies.can_agree_for_police(actor, opened)) == POLICE
    assert who_may(world, lambda actor: policies.can_open_to_police(actor, opened)) == NOBODY
    assert who_may(world, lambda actor: policies.can_agree_for_municipality(actor, opened)) == {"coordinator"}
    assert who_may(world, lambda actor: policies.can_edit_set(actor, opened)) == WRITING


def test_whoever_proposed_the_closing_approves_it_in_no_other_role(world):
    closing = world.sets[S.CLOSING, ""]
    director = world.actors["director"]
    own = PledgeSet(state=S.CLOSING, closing_proposed_at=NOW, closing_proposed_by=director.user)
    assert policies.can_approve_closing(director, closing)
    assert not policies.can_approve_closing(director, own)
    unproposed = PledgeSet(state=S.CLOSING)
    assert who_may(world, lambda actor: policies.can_approve_closing(actor, unproposed)) == NOBODY
    assert who_may(world, lambda actor: policies.can_propose_closing(actor, unproposed)) == WRITING


def test_sets_are_begun_by_those_who_write_and_shown_by_the_communicator(world):
    assert who_may(world, policies.can_write_sets) == WRITING
    assert who_may(world, policies.can_publish) == {"communicator"}
    assert who_may(world, policies.is_directing) == DIRECTING


# --- The promise: each question × who leads × running or not ------------------------------------------------

RUNNING = [SetState.PUBLISHED, SetState.CLOSING]
COORDINATOR = {"coordinator"}
# The question, and who may with promise 1 (municipality), 2 (Police), 3 (both lead), 4 (Police help), while it runs.
PROMISE_QUESTIONS = {
    "can_set_goal": (WRITING | SOCIALS, POLICE, POLICE, WRITING | SOCIALS),
    "can_set_goal_in_writing": (NOBODY, COORDINATOR, COORDINATOR, NOBODY),
    "can_write_answer": (
        WRITING | SOCIALS,
        WRITING | POLICE,
        WRITING | SOCIALS | POLICE,
        WRITING | SOCIALS,
    ),
    "can_confirm_answer": (NOBODY, POLICE, POLICE, NOBODY),
    "can_propose": (NOBODY, COORDINATOR, COORDINATOR, NOBODY),
    "can_amend": (WRITING, POLICE, POLICE, WRITING),
    "can_amend_in_writing": (NOBODY, COORDINATOR, COORDINATOR, NOBODY),
    "can_write_follow_up": (WRITING | SOCIALS, WRITING | POLICE, WRITING | SOCIALS | POLICE, WRITING | SOCIALS),
}


@pytest.mark.parametrize("state", list(SetState))
@pytest.mark.parametrize("question", list(PROMISE_QUESTIONS))
def test_who_may_say_what_of_a_promise(world, question, state):
    ask = getattr(policies, question)
    for promise, expected in zip(promises(world, state), PROMISE_QUESTIONS[question], strict=True):
        may = who_may(world, lambda actor, promise=promise: ask(actor, promise))
        assert may == (expected if state in SETS_RUNNING else NOBODY), promise.number


def promises(world, state: str) -> list[Commitment]:
    rows = list(world.sets[state, ""].commitments.select_related("pledge_set").order_by("number"))
    for promise in rows:
        promise.public_note = "Så gick det."
    return rows


@pytest.mark.parametrize("state", list(SetState))
def test_each_lead_moves_its_own_part_and_the_police_theirs_alone(world, state):
    social, police, education = (world.organisations[slug] for slug in (SOCIAL, POLISEN, EDUCATION))
    runs = state in SETS_RUNNING
    municipal = WRITING | SOCIALS if runs else NOBODY
    theirs = POLICE if runs else NOBODY
    written = COORDINATOR if runs else NOBODY
    for promise in promises(world, state):
        number = promise.number

        def ask(question, organisation, promise=promise):
            return who_may(world, lambda actor: question(actor, promise, organisation))

        assert ask(policies.can_move, social) == (NOBODY if number == 2 else municipal)
        assert ask(policies.can_move, police) == (theirs if number in (2, 3) else NOBODY)
        assert ask(policies.can_move, education) == NOBODY
        assert ask(policies.can_move_in_writing, social) == NOBODY
        assert ask(policies.can_move_in_writing, police) == (written if number in (2, 3) else NOBODY)
        # Who helps logs too, but does not say where the promise stands.
        assert ask(policies.can_log, police) == (NOBODY if number == 1 else theirs)
        assert ask(policies.can_log, social) == (NOBODY if number == 2 else municipal)
        assert ask(policies.can_log_in_writing, police) == (NOBODY if number == 1 else written)


@pytest.mark.parametrize("shown", SHOWN)
def test_words_are_confirmed_by_the_police_only_in_an_opened_draft(world, shown):
    area = world.sets[S.DRAFT, shown].areas.get()
    expected = POLICE if shown == "police" else NOBODY
    assert who_may(world, lambda actor: policies.can_confirm_wording(actor, area)) == expected
    assert who_may(world, lambda actor: policies.can_send_back(actor, area)) == expected
    assert who_may(world, lambda actor: policies.can_record_police_wording(actor, area)) == COORDINATOR


@pytest.mark.parametrize("state", [state for state in SetState if state != SetState.DRAFT])
def test_nobody_confirms_words_after_the_draft(world, state):
    area = world.sets[state, ""].areas.get()
    for ask in (policies.can_confirm_wording, policies.can_send_back, policies.can_record_police_wording):
        assert who_may(world, lambda actor, ask=ask: ask(actor, area)) == NOBODY


@pytest.mark.parametrize(("state", "shown"), ROWS)
def test_whoever_sees_a_promise_and_does_not_only_read_takes_part_in_its_thread(world, state, shown):
    promise = world.sets[state, shown].commitments.first()
    only_read = {"auditor", "elected", "researcher", "auditor_in_social"}
    may = who_may(world, lambda actor: policies.can_comment(actor, promise))
    assert may == readers(state, shown) - only_read


def test_proposals_are_decided_by_the_police_and_taken_back_by_the_coordinator(world):
    for state in SetState:
        promise = promises(world, state)[1]
        for stands in ProposalState:
            proposal = StatusProposal(commitment=promise, state=stands)
            waits = stands == ProposalState.OPEN
            decide = who_may(world, lambda actor, p=proposal: policies.can_decide_proposal(actor, p))
            take = who_may(world, lambda actor, p=proposal: policies.can_take_back_proposal(actor, p))
            assert decide == (POLICE if waits and state in SETS_RUNNING else NOBODY)
            assert take == (COORDINATOR if waits else NOBODY)


def test_figures_are_kept_by_writers_and_leads_until_the_set_is_closed(world):
    for state in SetState:
        for promise in promises(world, state):
            leads = {1: SOCIALS, 2: POLICE, 3: SOCIALS | POLICE, 4: SOCIALS}[promise.number]
            expected = (WRITING | leads) & readers(state, "")
            if state in (S.CLOSED, S.WITHDRAWN):
                expected = NOBODY
            assert who_may(world, lambda actor, p=promise: policies.can_keep_figures(actor, p)) == expected

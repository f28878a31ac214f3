"""Who sees and may do what: every person × every picture in every state, the list and the question agree."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.db import transaction

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.demo import PEOPLE
from lysekil_trygghet.accounts.models import Organisation, Power, Role
from situation import policies
from situation.lifecycle import PICTURES_ADOPTED, PICTURES_WRITTEN, PictureState
from situation.models import SituationPicture, Source

from .. import make, make_situation

pytestmark = pytest.mark.django_db

TODAY, NOW = make.TODAY, make.NOW
DEMO = {person.key for person in PEOPLE}
WRITERS = {"director", "coordinator", "deputy"}
POLICE = {"police_liaison", "lpo_chief", "police_with_powers"}
OUTSIDE = {"former_deputy", "deactivated", "nobody", "the_portal"}
INSIDE = (DEMO | {"deputy", "police_with_powers"}) - OUTSIDE
# Whose picture it is: the joint one closed and opened, the municipality's own closed and opened, the Police's own.
WHOSE = ("joint", "joint_opened", "municipal", "municipal_opened", "police")
STATES = ("DRAFT", "REVIEW", "ADOPTED", "PUBLISHED", "SUPERSEDED")
ROWS = [
    (whose, state)
    for whose in WHOSE
    for state in STATES
    # What is adopted jointly was opened; own pictures are never published.
    if not (whose == "joint" and state in ("ADOPTED", "PUBLISHED", "SUPERSEDED"))
    and not ("joint" not in whose and state in ("PUBLISHED", "SUPERSEDED"))
]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield _world()
        transaction.set_rollback(True)


def _world() -> SimpleNamespace:
    actors = {key: Actor.of(user, on=TODAY) for key, user in make.people().items()}
    organisations = {organisation.slug: organisation for organisation in Organisation.objects.all()}
    leadership = organisations["kommunledning"]

    def person(role: Role | None, slug: str = "", **delegated) -> Actor:
        user = make.user(is_active=delegated.pop("is_active", True))
        if role:
            make.membership(user=user, organisation=organisations[slug], role=role)
        if delegated:
            make.delegation(user=user, organisation=leadership, **delegated)
        return Actor.of(user, on=TODAY)

    actors["deputy"] = person(Role.DEPARTMENT_HEAD, "arbetsmarknadsavdelningen", power=Power.DECIDE)
    actors["police_with_powers"] = person(Role.MUNICIPAL_POLICE_OFFICER, "polisen", power=Power.DECIDE)
    actors["former_deputy"] = person(None, power=Power.DECIDE, valid_to=TODAY - dt.timedelta(days=1))
    actors["deactivated"] = person(Role.COORDINATOR, "kommunstyrelseforvaltningen", is_active=False)
    actors["nobody"] = Actor.nobody()
    actors["the_portal"] = Actor.system()
    pictures = {(whose, state): _picture(whose, state) for whose, state in ROWS}
    return SimpleNamespace(actors=actors, pictures=pictures)


def _picture(whose: str, state: str) -> SituationPicture:
    party = whose.removesuffix("_opened")
    kind = "JOINT" if party == "joint" else "OWN"
    by = "police_liaison" if party == "police" else "coordinator"
    made = make_situation.picture(kind=kind, by=by, state=state, now=NOW)
    if whose.endswith("_opened") and made.opened_to_police_at is None:
        made = make_situation.pictures.open_to_police(made, by=make_situation.acting("coordinator", now=NOW), now=NOW)
    return made


def who_may(world, question) -> set[str]:
    return {key for key, actor in world.actors.items() if question(actor)}


def expected_readers(whose: str, state: str) -> set[str]:
    """The table of docs/rules.md, written down once more."""
    adopted = state in PICTURES_ADOPTED
    if whose == "police":
        return POLICE | WRITERS if adopted else POLICE
    if adopted:
        return INSIDE
    return WRITERS | POLICE if whose.endswith("_opened") else WRITERS


@pytest.mark.parametrize(("whose", "state"), ROWS)
def test_the_list_and_the_single_answer_agree_with_the_table_for_everybody(world, whose, state):
    picture = world.pictures[whose, state]

    in_list = who_may(world, lambda actor: SituationPicture.objects.visible_to(actor).filter(pk=picture.pk).exists())
    alone = who_may(world, lambda actor: policies.can_see_picture(actor, picture))

    assert in_list == alone == expected_readers(whose, state)


@pytest.mark.parametrize(("whose", "state"), ROWS)
def test_a_source_is_seen_by_its_party_and_by_whoever_sees_what_rests_on_it(world, whose, state):
    picture = world.pictures[whose, state]
    source = picture.sources.get()

    in_list = who_may(world, lambda actor: Source.objects.visible_to(actor).filter(pk=source.pk).exists())
    alone = who_may(world, lambda actor: policies.can_see_source(actor, source))

    own = POLICE if whose == "police" else WRITERS
    assert in_list == alone == expected_readers(whose, state) | own


@pytest.mark.parametrize(("whose", "state"), ROWS)
def test_those_who_write_it_write_until_it_is_adopted(world, whose, state):
    picture = world.pictures[whose, state]
    side = {"police": POLICE, "joint_opened": WRITERS | POLICE}.get(whose, WRITERS)
    may = who_may(world, lambda actor: policies.can_edit_picture(actor, picture))

    assert may == (side if state in PICTURES_WRITTEN else set())
    # Whoever may change or send on a thing can read it.
    assert side <= expected_readers(whose, state)


@pytest.mark.parametrize(("whose", "state"), ROWS)
def test_the_steps_of_each_picture(world, whose, state):
    picture = world.pictures[whose, state]
    joint = whose.startswith("joint")
    side = {"police": POLICE, "joint_opened": WRITERS | POLICE}.get(whose, WRITERS)

    def may(question) -> set[str]:
        return who_may(world, lambda actor: question(actor, picture))

    assert may(policies.can_send_to_review) == (side if state == "DRAFT" else set())
    assert may(policies.can_send_back) == (side if state == "REVIEW" else set())
    assert may(policies.can_discard) == ((WRITERS if joint else side) if state == "DRAFT" else set())
    assert may(policies.can_adopt) == ((WRITERS if joint else side) if state == "REVIEW" else set())
    assert may(policies.can_publish_picture) == ({"communicator"} if joint and state == "ADOPTED" else set())
    shown = state in (PictureState.PUBLISHED, PictureState.SUPERSEDED)
    assert may(policies.can_withdraw_picture) == ({"communicator"} if shown else set())
    assert may(policies.can_comment) == side
    seen = expected_readers(whose, state)
    assert may(policies.can_set_diary_number) == {"registrar", "coordinator"} & seen
    assert may(policies.can_preview) == ((side | {"communicator"}) & seen if joint else set())


def test_who_begins_and_who_keeps_areas_and_sources(world):
    assert who_may(world, lambda actor: policies.can_begin(actor, "JOINT")) == WRITERS
    assert who_may(world, lambda actor: policies.can_begin(actor, "OWN")) == WRITERS | POLICE
    assert who_may(world, policies.can_write_pictures) == WRITERS | POLICE
    assert who_may(world, policies.can_keep_areas) == WRITERS | {"administrator"}
    assert who_may(world, policies.can_see_areas) == INSIDE


def test_who_speaks_for_whom(world):
    closed, opened = world.pictures["joint", "REVIEW"], world.pictures["joint_opened", "REVIEW"]
    assert who_may(world, lambda actor: policies.can_confirm_as_police(actor, closed)) == set()
    assert who_may(world, lambda actor: policies.can_confirm_as_police(actor, opened)) == POLICE
    assert who_may(world, policies.can_record_police_confirmation) == {"coordinator"}
    assert who_may(world, policies.can_confirm_as_municipality) == {"coordinator"}
    assert who_may(world, policies.can_open_to_police) == WRITERS

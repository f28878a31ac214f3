"""People, roles and delegations: what each act changes, refuses and leaves in history; and its pages."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from lysekil_trygghet.accounts import operations, policies, queries
from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.demo import PEOPLE
from lysekil_trygghet.accounts.landing import first_screen
from lysekil_trygghet.accounts.models import Delegation, Function, Membership, Organisation, Power, Role, User
from lysekil_trygghet.history.models import Event
from tests import make

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
TODAY = make.TODAY


@pytest.fixture
def administrator() -> Actor:
    return make.actor(Role.ADMINISTRATOR, name="Administratören")


class TestActor:
    def test_holds_what_is_valid_on_the_day_both_ends_included(self):
        user = make.user()
        make.membership(user=user, valid_from=TODAY, valid_to=TODAY)

        held = [bool(Actor.of(user, on=day).memberships) for day in (TODAY - DAY, TODAY, TODAY + DAY)]

        assert held == [False, True, False]

    def test_a_closed_account_holds_nothing(self):
        actor = make.actor(Role.MUNICIPAL_DIRECTOR, is_active=False)

        assert (actor.is_signed_in, actor.roles) == (False, frozenset())

    def test_speaks_for_its_own_organisation_only(self):
        own, other = make.organisation(), make.organisation()
        actor = make.actor(Role.DEPARTMENT_HEAD, own)

        assert (policies.speaks_for(actor, own), policies.speaks_for(actor, other)) == (True, False)
        assert policies.has_role(actor, Role.DEPARTMENT_HEAD, organisation=own)
        assert not policies.has_role(actor, Role.DEPARTMENT_HEAD, organisation=other)

    def test_a_delegation_counts_within_its_days_and_for_its_organisation(self):
        own, other = make.organisation(), make.organisation()
        user = make.user()
        make.delegation(user=user, organisation=own, power=Power.SUBMIT_REPORTS, valid_from=TODAY, valid_to=TODAY)

        during, after = Actor.of(user, on=TODAY), Actor.of(user, on=TODAY + DAY)

        assert during.may_for(Power.SUBMIT_REPORTS, own)
        assert not during.may_for(Power.SUBMIT_REPORTS, other)
        assert not during.may_for(Power.DECIDE, own)
        assert not after.may_for(Power.SUBMIT_REPORTS, own)


class TestPolicies:
    @pytest.mark.parametrize("key", [person.key for person in PEOPLE])
    def test_only_the_administrator_manages_people(self, actor_of, key):
        assert policies.can_manage_people(actor_of(key)) == (key == "administrator")

    def test_nobody_and_the_portal_itself_do_not(self):
        assert not policies.can_manage_people(Actor.nobody())
        assert not policies.can_manage_people(Actor.system())


class TestQueries:
    def test_people_of_an_organisation_by_role_and_day(self):
        place = make.organisation()
        head, former, officer = make.user(name="A"), make.user(name="B"), make.user(name="C")
        make.membership(user=head, organisation=place, role=Role.DEPARTMENT_HEAD)
        make.membership(user=former, organisation=place, role=Role.DEPARTMENT_HEAD, valid_to=TODAY - DAY)
        make.membership(user=officer, organisation=place, role=Role.OFFICER)
        make.membership(role=Role.DEPARTMENT_HEAD)

        assert list(queries.heads_of(place, TODAY)) == [head]
        assert list(queries.heads_of(place, TODAY - DAY)) == [head, former]
        assert list(queries.people_of(place, [Role.DEPARTMENT_HEAD, Role.OFFICER], TODAY)) == [head, officer]

    def test_two_roles_in_one_place_are_one_person(self):
        place, user = make.organisation(), make.user()
        make.membership(user=user, organisation=place, role=Role.OFFICER)
        make.membership(user=user, organisation=place, role=Role.COMMUNICATOR)

        assert list(queries.people_of(place, [Role.OFFICER, Role.COMMUNICATOR], TODAY)) == [user]

    def test_by_role_over_the_whole_municipality(self, people):
        assert list(queries.directors(TODAY)) == [people["director"]]
        assert list(queries.coordinators(TODAY)) == [people["coordinator"]]
        assert list(queries.communicators(TODAY)) == [people["communicator"]]

    def test_holder_of_a_function_is_the_latest_to_begin(self):
        post = make.function()
        before = make.membership(organisation=post.organisation, function=post, valid_to=TODAY)
        after = make.membership(organisation=post.organisation, function=post, valid_from=TODAY)

        assert queries.holder_of(post, TODAY - DAY) == before.user
        assert queries.holder_of(post, TODAY) == after.user
        assert queries.holder_of(make.function(), TODAY) is None

    @pytest.mark.parametrize("number", [1, 3, 30])
    def test_rows_cost_the_same_number_of_questions(self, django_assert_num_queries, number):
        users = [make.user() for _n in range(number)]
        for user in users:
            make.membership(user=user)
            make.delegation(user=user)

        with django_assert_num_queries(3):
            rows = queries.person_rows(User.objects.filter(pk__in=[user.pk for user in users]), on=TODAY)

        assert [len(row.current) for row in rows] == [1] * number


class TestAddPerson:
    def test_adds_and_writes_history(self, administrator, now):
        user = operations.add_person(email="Ny@Kommun.example", name="Socialchefen", by=administrator, now=now)

        assert (user.email, user.is_active, user.has_usable_password()) == ("ny@kommun.example", True, False)
        assert [(e.verb, e.subject_id) for e in Event.objects.all()] == [("person_added", user.pk)]

    def test_refuses_an_address_that_is_taken_in_any_case(self, administrator, now):
        make.user(email="ny@kommun.example")

        with pytest.raises(operations.AddressTaken):
            operations.add_person(email="NY@kommun.example", name="X", by=administrator, now=now)

    def test_refuses_everybody_else(self, now):
        with pytest.raises(operations.NotAllowed):
            operations.add_person(email="x@kommun.example", name="X", by=make.actor(Role.MUNICIPAL_DIRECTOR), now=now)


class TestMemberships:
    def begin(self, by, now, **fields):
        place = fields.pop("organisation", None) or make.organisation()
        defaults = {"organisation": place, "role": Role.OFFICER, "valid_from": TODAY}
        return operations.begin_membership(
            fields.pop("user", None) or make.user(), by=by, now=now, **defaults | fields
        )

    def test_begins_and_writes_history(self, administrator, now):
        membership = self.begin(administrator, now)

        event = Event.objects.get()
        assert (event.verb, event.subject_id) == ("membership_begun", membership.pk)
        assert event.details == {
            "user": membership.user_id,
            "organisation": membership.organisation_id,
            "role": "OFFICER",
            "valid_from": "2020-06-09",
            "valid_to": None,
        }
        assert Actor.of(membership.user, on=TODAY).roles == {Role.OFFICER}

    def test_refuses_the_same_role_twice_on_one_day_but_not_one_after_the_other(self, administrator, now):
        first = self.begin(administrator, now, valid_to=TODAY + DAY)
        again = {"user": first.user, "organisation": first.organisation}

        with pytest.raises(operations.AlreadyMember):
            self.begin(administrator, now, **again, valid_from=TODAY + DAY)
        self.begin(administrator, now, **again, valid_from=TODAY + 2 * DAY)

        assert Membership.objects.filter(user=first.user).count() == 2

    def test_refuses_dates_the_wrong_way(self, administrator, now):
        with pytest.raises(operations.BadDates):
            self.begin(administrator, now, valid_to=TODAY - DAY)

    def test_refuses_a_function_of_another_organisation(self, administrator, now):
        with pytest.raises(operations.WrongOrganisation):
            self.begin(administrator, now, function=make.function())

    def test_refuses_a_closed_account(self, administrator, now):
        with pytest.raises(operations.NotAllowed):
            self.begin(administrator, now, user=make.user(is_active=False))

    def test_refuses_everybody_but_the_administrator(self, now):
        with pytest.raises(operations.NotAllowed):
            self.begin(make.actor(Role.COORDINATOR), now)
        assert Event.objects.count() == 0

    def test_ends_with_the_last_day_counted(self, administrator, now):
        membership = self.begin(administrator, now, valid_from=TODAY - 30 * DAY)

        operations.end_membership(membership, last_day=TODAY, by=administrator, now=now)

        assert Actor.of(membership.user, on=TODAY).roles == {Role.OFFICER}
        assert Actor.of(membership.user, on=TODAY + DAY).roles == frozenset()
        event = Event.objects.last()
        assert (event.verb, event.details["valid_to"], event.details["valid_to_before"]) == (
            "membership_ended",
            "2020-06-09",
            None,
        )

    @pytest.mark.parametrize(("begun", "last_day"), [(-30, -2), (5, 1)])
    def test_refuses_to_rewrite_the_past_or_end_before_the_beginning(self, administrator, now, begun, last_day):
        membership = make.membership(valid_from=TODAY + begun * DAY)

        with pytest.raises(operations.BadDates):
            operations.end_membership(membership, last_day=TODAY + last_day * DAY, by=administrator, now=now)

    def test_refuses_to_prolong_what_is_over(self, administrator, now):
        membership = make.membership(valid_to=TODAY - 10 * DAY)

        with pytest.raises(operations.BadDates):
            operations.end_membership(membership, last_day=TODAY, by=administrator, now=now)

    def test_the_administrator_cannot_lock_themselves_out(self, administrator, now):
        with pytest.raises(operations.NotAllowed):
            operations.end_membership(administrator.memberships[0], last_day=TODAY, by=administrator, now=now)


class TestDelegations:
    def delegate(self, by, now, **fields):
        defaults = {
            "power": Power.ACCEPT_REPORTS,
            "organisation": make.organisation(),
            "reference": "KS 2020-7",
            "valid_from": TODAY,
            "valid_to": TODAY + 30 * DAY,
        }
        return operations.delegate(fields.pop("user", None) or make.user(), by=by, now=now, **defaults | fields)

    def test_is_entered_with_its_decision_and_history_holds_no_free_text(self, administrator, now):
        delegation = self.delegate(administrator, now)

        assert delegation.reference == "KS 2020-7"
        event = Event.objects.get()
        assert (event.verb, event.subject_id) == ("delegated", delegation.pk)
        assert "KS 2020-7" not in str(event.details)

    def test_refused_for_others_and_for_dates_the_wrong_way(self, administrator, now):
        with pytest.raises(operations.NotAllowed):
            self.delegate(make.actor(Role.MUNICIPAL_DIRECTOR), now)
        with pytest.raises(operations.BadDates):
            self.delegate(administrator, now, valid_to=TODAY - DAY)
        assert Delegation.objects.count() == 0

    def test_is_shortened_but_never_prolonged(self, administrator, now):
        delegation = self.delegate(administrator, now)

        with pytest.raises(operations.BadDates):
            operations.end_delegation(delegation, last_day=TODAY + 31 * DAY, by=administrator, now=now)
        ended = operations.end_delegation(delegation, last_day=TODAY, by=administrator, now=now)

        assert ended.valid_to == TODAY
        assert [event.verb for event in Event.objects.all()] == ["delegated", "delegation_ended"]


class TestAccounts:
    def test_closing_takes_roles_and_opening_gives_them_back(self, administrator, now):
        membership = make.membership()

        operations.deactivate(membership.user, by=administrator, now=now)
        membership.user.refresh_from_db()
        assert not Actor.of(membership.user, on=TODAY).is_signed_in
        assert list(queries.people_of(membership.organisation, [Role.OFFICER], TODAY)) == []

        user = operations.reactivate(membership.user, by=administrator, now=now)
        assert Actor.of(user, on=TODAY).roles == {Role.OFFICER}
        assert [e.verb for e in Event.objects.all()] == ["person_deactivated", "person_reactivated"]

    def test_nobody_closes_their_own_or_a_closed_one(self, administrator, now):
        with pytest.raises(operations.NotAllowed):
            operations.deactivate(administrator.user, by=administrator, now=now)
        with pytest.raises(operations.NotAllowed):
            operations.deactivate(make.user(is_active=False), by=administrator, now=now)


class TestDemoPeople:
    def test_is_the_same_the_second_time(self, people):
        counts = [m.objects.count() for m in (User, Organisation, Function, Membership)]

        again = make.people()

        assert again == people
        assert [m.objects.count() for m in (User, Organisation, Function, Membership)] == counts
        assert list(people) == [person.key for person in PEOPLE]
        assert not any(user.has_usable_password() for user in people.values())

    def test_each_has_one_role_in_one_organisation(self, actor_of):
        held = {p.key: [(m.role, m.organisation.slug) for m in actor_of(p.key).memberships] for p in PEOPLE}

        assert held == {person.key: [(person.role, person.organisation)] for person in PEOPLE}

    def test_the_director_is_not_of_a_department_and_the_coordinator_is(self, actor_of):
        assert actor_of("director").organisation.kind == "LEADERSHIP"
        assert actor_of("coordinator").organisation.slug == "kommunstyrelseforvaltningen"
        assert actor_of("police_liaison").organisation.is_police

    def test_first_screens(self, actor_of):
        screens = {key: first_screen(actor_of(key)) for key in ("director", "coordinator", "head_social")}
        screens |= {key: first_screen(actor_of(key)) for key in ("lpo_chief", "communicator", "elected")}

        assert screens == {
            "director": "/arbete/lage/",
            "coordinator": "/arbete/lage/",
            "head_social": "/arbete/",
            "lpo_chief": "/arbete/polis/",
            "communicator": "/arbete/publicera/",
            "elected": "/arbete/",
        }


class TestPages:
    def test_the_whole_way_add_give_delegate_end_close_open(self, client_as):
        client = client_as("administrator")
        place = Organisation.objects.get(slug="socialforvaltningen")
        today = timezone.localdate().isoformat()

        added = client.post(reverse("accounts:add_person"), {"email": "ny@kommun.example", "name": "Enhetschefen"})
        user = User.objects.get(email="ny@kommun.example")
        assert added.headers["Location"] == reverse("accounts:begin_membership", args=[user.pk])

        client.post(added.headers["Location"], {"organisation": place.pk, "role": "OFFICER", "valid_from": today})
        membership = user.memberships.get()
        client.post(
            reverse("accounts:delegate", args=[user.pk]),
            {
                "power": "SUBMIT_REPORTS",
                "organisation": place.pk,
                "reference": "SN 2020-4",
                "valid_from": today,
                "valid_to": today,
            },
        )
        page = client.get(reverse("accounts:person", args=[user.pk])).content.decode()
        assert "Handläggare, Socialförvaltningen" in page
        assert "SN 2020-4" in page
        assert "Rollen Handläggare gavs i Social" in page

        client.post(reverse("accounts:end_membership", args=[membership.pk]), {"last_day": today})
        client.post(reverse("accounts:end_delegation", args=[user.delegations.get().pk]), {"last_day": today})
        client.post(reverse("accounts:deactivate", args=[user.pk]))
        user.refresh_from_db()
        assert not user.is_active
        client.post(reverse("accounts:reactivate", args=[user.pk]))

        on_user = Event.objects.filter(subject_type__model="user", subject_id=user.pk)
        assert [e.verb for e in on_user] == ["person_added", "person_deactivated", "person_reactivated"]

    def test_the_list_shows_role_organisation_and_validity(self, client_as):
        page = client_as("administrator").get(reverse("accounts:people"))

        assert page.status_code == 200
        assert "Förvaltningschef, Socialförvaltningen" in page.content.decode()
        assert "tills vidare" in page.content.decode()

    def test_what_was_typed_stays_when_it_cannot_be_saved(self, client_as, people):
        client = client_as("administrator")

        answer = client.post(
            reverse("accounts:add_person"), {"email": people["director"].email.upper(), "name": "Kvar"}
        )

        assert answer.status_code == 422
        assert 'value="Kvar"' in answer.content.decode()
        assert "Adressen finns redan" in answer.content.decode()

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"valid_to": "2020-06-01", "valid_from": "2020-06-02"}, "kan inte vara före"),
            ({"valid_from": "2020-13-41"}, "år-månad-dag"),
            ({"role": "KING"}, "Välj"),
            ({"organisation": "999999"}, "Välj"),
        ],
    )
    def test_bad_input_gets_a_clear_answer(self, client_as, people, fields, words):
        place = Organisation.objects.get(slug="polisen")
        good = {"organisation": place.pk, "role": "OFFICER", "valid_from": "2020-06-02"}

        answer = client_as("administrator").post(
            reverse("accounts:begin_membership", args=[people["elected"].pk]), good | fields
        )

        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert Membership.objects.filter(user=people["elected"]).count() == 1

    @pytest.mark.parametrize("key", [None, "director", "coordinator", "head_social", "auditor"])
    def test_nobody_else_opens_any_of_them(self, client_as, people, key):
        client = client_as(key)
        membership = people["officer_social"].memberships.get()
        delegation = make.delegation(user=people["officer_social"])
        pk = people["officer_social"].pk
        addresses = [reverse("accounts:people"), reverse("accounts:add_person")]
        for name in ("person", "begin_membership", "delegate", "deactivate"):
            addresses.append(reverse(f"accounts:{name}", args=[pk]))
        addresses.append(reverse("accounts:end_membership", args=[membership.pk]))
        addresses.append(reverse("accounts:end_delegation", args=[delegation.pk]))

        answers = {client.get(address).status_code for address in addresses}
        answers.add(client.post(reverse("accounts:reactivate", args=[pk])).status_code)

        assert answers == ({302} if key is None else {403})

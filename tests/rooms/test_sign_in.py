"""Signing in: by a code in the mail and by a password, without telling strangers who has an account."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from lysekil_trygghet.accounts.demo import PEOPLE
from lysekil_trygghet.accounts.models import User
from tests import make

pytestmark = pytest.mark.django_db

LOGIN = "/konto/login/"
ASK_FOR_CODE = "/konto/login/code/"
GIVE_CODE = "/konto/login/code/confirm/"
PASSWORD = "en-lugn-dag-vid-havet"
ADDRESS = "chef@kommun.example"

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "https:evil.example",
    "https:///evil.example",
    "javascript:alert(1)",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
    "ht\ttp://evil.example/",
    "/\t/evil.example/",
    "/arbete/\r\nSet-Cookie: a=b",
    "http://tеstserver/",
]


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def head() -> User:
    user = make.user(email=ADDRESS, password=PASSWORD, name="Socialchefen")
    make.membership(user=user, role="DEPARTMENT_HEAD")
    return user


def code_in_mail() -> str:
    return re.search(r"^([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})$", mail.outbox[-1].body, re.M)[1]


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


class TestByCode:
    def test_the_code_in_the_mail_opens_the_door_and_leads_where_one_was_going(self, head):
        client = Client()
        asked = client.post(ASK_FOR_CODE, {"email": ADDRESS, "next": "/arbete/uppdrag/17/rapport/"})
        assert asked.status_code == 302

        answer = client.post(asked.headers["Location"], {"code": code_in_mail()})

        assert (answer.status_code, answer.headers["Location"]) == (302, "/arbete/uppdrag/17/rapport/")
        assert who(client) == str(head.pk)

    def test_the_mail_is_swedish_and_says_that_a_machine_sent_it(self, head):
        Client().post(ASK_FOR_CODE, {"email": ADDRESS})

        [letter] = mail.outbox
        assert (letter.to, letter.subject) == ([ADDRESS], "Din kod för att logga in")
        assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
        assert "Koden gäller i 10 minuter." in letter.body
        assert "http" not in letter.body.replace("http://127.0.0.1:8000", "")

    def test_a_wrong_code_is_told_so_and_the_third_ends_the_attempt(self, head):
        client = Client()
        client.post(ASK_FOR_CODE, {"email": ADDRESS})

        first = client.post(GIVE_CODE, {"code": "AAAA-1111"})
        assert "Koden stämmer inte" in first.content.decode()
        client.post(GIVE_CODE, {"code": "AAAA-1112"})
        client.post(GIVE_CODE, {"code": "AAAA-1113"})
        late = client.post(GIVE_CODE, {"code": code_in_mail()})

        assert (late.status_code, who(client)) == (302, None)

    def test_a_code_opens_once(self, head):
        client, thief = Client(), Client()
        client.post(ASK_FOR_CODE, {"email": ADDRESS})
        code = code_in_mail()
        client.post(GIVE_CODE, {"code": code})
        thief.post(ASK_FOR_CODE, {"email": ADDRESS})

        thief.post(GIVE_CODE, {"code": code})

        assert (who(client), who(thief)) == (str(head.pk), None)

    def test_a_closed_account_gets_no_further(self, head):
        User.objects.filter(pk=head.pk).update(is_active=False)
        client = Client()
        client.post(ASK_FOR_CODE, {"email": ADDRESS})
        if mail.outbox:
            client.post(GIVE_CODE, {"code": code_in_mail()})

        assert who(client) is None


class TestByPassword:
    def test_leads_to_the_first_screen_of_the_role(self):
        director = make.user(email="dir@kommun.example", password=PASSWORD)
        make.membership(user=director, role="MUNICIPAL_DIRECTOR")

        answer = Client().post(LOGIN, {"login": "dir@kommun.example", "password": PASSWORD})

        assert (answer.status_code, answer.headers["Location"]) == (302, "/arbete/lage/")

    def test_the_address_may_be_written_in_any_case(self, head):
        client = Client()
        client.post(LOGIN, {"login": ADDRESS.upper(), "password": PASSWORD})

        assert who(client) == str(head.pk)

    def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(self, head):
        wrong = Client().post(LOGIN, {"login": ADDRESS, "password": "fel-fel-fel-fel"})
        unknown = Client().post(LOGIN, {"login": "okand@kommun.example", "password": "fel-fel-fel-fel"})

        assert "E-postadressen eller lösenordet stämmer inte." in wrong.content.decode()
        assert wrong.status_code == unknown.status_code
        assert _plain(wrong, ADDRESS) == _plain(unknown, "okand@kommun.example")

    def test_guessing_is_stopped_in_the_database(self, head):
        for _n in range(6):
            answer = Client().post(LOGIN, {"login": ADDRESS, "password": "fel-fel-fel-fel"})
        assert "Det blev för många försök." in answer.content.decode()

        client = Client()
        client.post(LOGIN, {"login": ADDRESS, "password": PASSWORD})
        assert who(client) is None


class TestNoEnumeration:
    @pytest.mark.parametrize("path", [ASK_FOR_CODE, "/konto/password/reset/"])
    def test_known_and_unknown_addresses_get_the_same_pages(self, head, path):
        known, unknown = Client(), Client()

        first = known.post(path, {"email": ADDRESS}, follow=True)
        second = unknown.post(path, {"email": "okand@kommun.example"}, follow=True)

        assert first.redirect_chain == second.redirect_chain
        assert first.status_code == second.status_code
        assert _plain(first, ADDRESS) == _plain(second, "okand@kommun.example")
        assert [letter.to for letter in mail.outbox] == [[ADDRESS]]

    def test_a_mail_server_that_is_away_tells_nothing_either(self, head, settings, unused_port):
        settings.MAILERS = {
            "default": {
                "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "OPTIONS": {"host": "127.0.0.1", "port": unused_port, "timeout": 2},
            }
        }

        known = Client().post(ASK_FOR_CODE, {"email": ADDRESS})
        unknown = Client().post(ASK_FOR_CODE, {"email": "okand@kommun.example"})

        assert (known.status_code, known.headers["Location"]) == (
            unknown.status_code,
            unknown.headers["Location"],
        )


class TestNext:
    @pytest.mark.parametrize("address", ELSEWHERE)
    def test_never_leads_to_another_host(self, head, address):
        by_password = Client().post(LOGIN, {"login": ADDRESS, "password": PASSWORD, "next": address})
        client = Client()
        client.post(ASK_FOR_CODE, {"email": ADDRESS, "next": address})
        by_code = client.post(GIVE_CODE, {"code": code_in_mail()})
        signed_in = client.get(LOGIN, {"next": address})
        signed_out = client.post("/konto/logout/", {"next": address})

        assert [answer.headers["Location"] for answer in (by_password, by_code, signed_in, signed_out)] == [
            "/arbete/",
            "/arbete/",
            "/arbete/",
            "/",
        ]

    def test_leads_on_within_the_portal(self, head):
        answer = Client().post(LOGIN, {"login": ADDRESS, "password": PASSWORD, "next": "/arbete/uppdrag/17/?sida=2"})

        assert answer.headers["Location"] == "/arbete/uppdrag/17/?sida=2"


class TestSignUp:
    def test_is_closed_with_a_plain_answer(self):
        page = Client().get("/konto/signup/")

        assert "Du kan inte skapa konto själv" in page.content.decode()

    def test_is_closed_to_those_who_do_not_read_pages(self):
        Client().post("/konto/signup/", {"email": "ny@kommun.example", "password1": PASSWORD})

        assert not User.objects.filter(email="ny@kommun.example").exists()


class TestPasswordReset:
    def test_the_link_in_the_mail_gives_a_new_password_once(self, head):
        client = Client()
        client.post("/konto/password/reset/", {"email": ADDRESS})
        link = re.search(r"https?://[^/]+(/konto/password/reset/key/\S+)", mail.outbox[-1].body)[1]

        form = client.get(link, follow=True)
        new = "en-annan-lugn-dag"
        client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})

        assert [letter.subject for letter in mail.outbox] == [
            "Välj ett nytt lösenord",
            "Ditt lösenord är bytt",
        ]
        fresh = Client()
        fresh.post(LOGIN, {"login": ADDRESS, "password": new})
        assert who(fresh) == str(head.pk)
        assert "Länken gäller inte längre" in Client().get(link, follow=True).content.decode()


class TestSessions:
    def test_signing_out_ends_it(self, client_as):
        client = client_as("administrator")
        cookie = client.cookies["sessionid"].value

        client.post("/konto/logout/")

        again = Client()
        again.cookies["sessionid"] = cookie
        assert again.get("/arbete/personer/").status_code == 302

    def test_closing_the_account_ends_open_sessions_at_once(self, client_as, people):
        client = client_as("administrator")
        assert client.get("/arbete/personer/").status_code == 200

        User.objects.filter(pk=people["administrator"].pk).update(is_active=False)

        assert client.get("/arbete/personer/").status_code == 302

    def test_signing_in_changes_the_key_of_the_session(self, head):
        client = Client()
        client.post(ASK_FOR_CODE, {"email": ADDRESS})
        before = client.session.session_key

        client.post(GIVE_CODE, {"code": code_in_mail()})

        assert client.session.session_key != before

    def test_pages_of_those_signed_in_are_kept_by_nobody(self, client_as):
        answer = client_as("administrator").get("/arbete/personer/")

        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


class TestAdminDoor:
    def test_leads_to_the_portals_own_sign_in(self):
        answer = Client().get("/admin/login/", {"next": "/admin/"})

        assert answer.headers["Location"] == "/konto/login/?next=%2Fadmin%2F"

    def test_takes_no_password_itself(self):
        make.user(email="root@kommun.example", password=PASSWORD, is_staff=True, is_superuser=True)
        client = Client()

        client.post("/admin/login/", {"username": "root@kommun.example", "password": PASSWORD})

        assert who(client) is None

    def test_is_closed_to_those_who_are_no_inspectors(self, client_as):
        assert client_as("director").get("/admin/login/").status_code == 403

    @pytest.mark.parametrize("page", ["accounts/user", "accounts/membership", "history/event"])
    def test_shows_people_and_history_to_read_only(self, client_as, page):
        client = client_as("administrator")

        assert client.get(f"/admin/{page}/").status_code == 200
        assert client.get(f"/admin/{page}/add/").status_code == 403


class TestBecomeARole:
    @pytest.mark.parametrize("key", [None, "administrator"])
    def test_does_not_exist_outside_demo_mode(self, client_as, key, settings):
        settings.DEMO = False
        client = client_as(key)

        answers = [client.get(reverse("accounts:roles")), client.post(reverse("accounts:become", args=["director"]))]

        assert [answer.status_code for answer in answers] == [404, 404]
        assert who(client) is None or key == "administrator"

    def test_shows_every_demo_person_once(self, client_as, settings):
        settings.DEMO = True

        page = client_as(None).get(reverse("accounts:roles")).content.decode()

        shown = re.findall(r'action="/arbete/roll/([a-z_]+)/"', page)
        assert sorted(shown) == sorted(person.key for person in PEOPLE)

    @pytest.mark.parametrize(
        ("key", "screen"),
        [("director", "/arbete/lage/"), ("police_liaison", "/arbete/polis/"), ("officer_labour", "/arbete/")],
    )
    def test_makes_one_that_person_and_opens_their_first_screen(self, client_as, people, settings, key, screen):
        settings.DEMO = True
        client = client_as(None)

        answer = client.post(reverse("accounts:become", args=[key]))

        assert (answer.headers["Location"], who(client)) == (screen, str(people[key].pk))

    def test_one_can_change_from_one_to_another(self, client_as, people, settings):
        settings.DEMO = True
        client = client_as("director")

        client.post(reverse("accounts:become", args=["head_social"]))

        assert who(client) == str(people["head_social"].pk)

    def test_asks_for_the_forms_own_token_and_for_post(self, client_as, settings):
        settings.DEMO = True
        client = client_as(None, enforce_csrf_checks=True)

        assert client.post(reverse("accounts:become", args=["director"])).status_code == 403
        assert client.get(reverse("accounts:become", args=["director"])).status_code == 405

    def test_nobody_becomes_a_person_who_is_not_there(self, client_as, settings):
        settings.DEMO = True

        assert client_as(None).post(reverse("accounts:become", args=["mayor"])).status_code == 404


def _plain(answer, address: str) -> list[str]:
    """The page without what must differ: the address that was typed and the tokens."""
    page = answer.content.decode().replace(address, "ADDRESS")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"', "", page).splitlines()

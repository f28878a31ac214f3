"""The look: words for dates, tags, components, forms, frames and error pages, each as a reader meets it."""

from __future__ import annotations

import datetime as dt
import gzip
import html
import re
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.conf.urls.i18n import i18n_patterns
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template import Context, Template, loader
from django.test import RequestFactory
from django.urls import include, path
from django.utils import translation

from lysekil_trygghet.ui import bundles, errors, formats, icons, links
from lysekil_trygghet.ui import forms as ui_forms

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NOW = dt.datetime(2020, 6, 9, 10, 0, tzinfo=STOCKHOLM)
DUE = dt.datetime(2020, 6, 18, 10, 0, tzinfo=dt.UTC)


def answer(request):
    return HttpResponse("")


urlpatterns = [
    path("konto/", include("allauth.urls")),
    path("arbete/", answer, name="work"),
    *i18n_patterns(
        path("", answer, name="start"),
        path("nyheter/", answer, name="news"),
        path("kontakt/", answer, name="contact"),
        path("tillganglighet/", answer, name="accessibility"),
        prefix_default_language=False,
    ),
]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def swedish():
    with translation.override("sv"):
        yield


def request_for(address: str = "/"):
    request = RequestFactory().get(address)
    request.LANGUAGE_CODE = translation.get_language()
    return request


def show(source: str, context: dict | None = None, address: str = "/") -> str:
    return Template(source).render(Context({"request": request_for(address), **(context or {})})).strip()


class Reply(ui_forms.PortalForm):
    submit_label = "Skicka"
    cancel_url = "/arbete/"
    headline = forms.CharField(label="Rubrik", help_text="Högst 80 tecken.", max_length=80)
    body = forms.CharField(label="Text", widget=forms.Textarea, required=False)
    outcome = forms.ChoiceField(
        label="Hur gick det", choices=[("a", "Klart"), ("b", "Pågår")], widget=forms.RadioSelect
    )
    places = forms.MultipleChoiceField(
        label="Var", choices=[("1", "Centrum")], widget=forms.CheckboxSelectMultiple, required=False
    )
    due_at = ui_forms.MomentField(label="Klart senast", help_text="En arbetsdag.")
    day = ui_forms.DayField(label="Dag", required=False)
    picture = forms.FileField(label="Bild", required=False)
    checked = forms.BooleanField(label="Jag har kontrollerat texten")


SENT = {
    "headline": "Allt klart",
    "outcome": "a",
    "due_at_0": "2020-06-18",
    "due_at_1": "12:00",
    "checked": "on",
}


def crispy(form) -> str:
    return show("{% load crispy_forms_tags %}{% crispy form %}", {"form": form, "csrf_token": "x"})


def tag_with(page: str, name: str, **wanted: str) -> str:
    """The first start tag of that name with those attributes."""
    for tag in re.findall(rf"<{name}\b[^>]*>", page):
        if all(f'{key.replace("_", "-")}="{value}"' in tag for key, value in wanted.items()):
            return tag
    raise AssertionError(f"no <{name}> with {wanted} in {page}")


# --- Dates ------------------------------------------------------------------------------------------


def test_dates_in_swedish_words_and_local_time():
    assert formats.swedish_datetime(DUE) == "torsdag 18 juni 2020 kl. 12.00"
    assert formats.swedish_date(dt.date(2020, 6, 9)) == "tisdag 9 juni 2020"
    assert formats.swedish_date(dt.datetime(2020, 6, 8, 22, 30, tzinfo=dt.UTC)) == "tisdag 9 juni 2020"
    assert formats.week(DUE) == "vecka 25"


def test_dates_in_english():
    with translation.override("en"):
        assert formats.swedish_datetime(DUE) == "Thursday 18 June 2020 at 12:00"


def test_machine_time_carries_the_offset_of_the_season():
    winter = dt.datetime(2020, 12, 1, 11, 0, tzinfo=dt.UTC)
    assert formats.machine(DUE) == "2020-06-18T12:00+02:00"
    assert formats.machine(winter) == "2020-12-01T12:00+01:00"
    assert formats.machine(dt.date(2020, 6, 9)) == "2020-06-09"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (dt.datetime(2020, 6, 9, 12, 0, tzinfo=STOCKHOLM), "i dag"),
        (dt.datetime(2020, 6, 9, 9, 59, tzinfo=STOCKHOLM), "tiden gick ut i dag"),
        (dt.datetime(2020, 6, 10, 0, 5, tzinfo=STOCKHOLM), "i morgon"),
        (dt.date(2020, 6, 18), "om 9 dagar"),
        (dt.date(2020, 6, 8), "skulle ha varit klart i går"),
        (dt.date(2020, 6, 5), "4 dagar sen"),
    ],
)
def test_distance_in_words(value, words):
    assert formats.due_words(value, now=NOW) == words


@pytest.mark.parametrize("night", [dt.date(2026, 3, 28), dt.date(2026, 10, 24)])
def test_distance_counts_calendar_days_over_the_clock_change(night):
    before = dt.datetime.combine(night, dt.time(23, 30), tzinfo=STOCKHOLM)
    after = dt.datetime.combine(night + dt.timedelta(days=1), dt.time(23, 45), tzinfo=STOCKHOLM)
    assert formats.due_words(after, now=before) == "i morgon"


def test_a_day_is_past_when_it_is_over():
    assert not formats.is_past(NOW.date(), now=NOW)
    assert formats.is_past(NOW - dt.timedelta(minutes=1), now=NOW)


def test_time_tag_styles():
    assert show("{% time_tag due %}", {"due": DUE}) == (
        '<time datetime="2020-06-18T12:00+02:00">torsdag 18 juni 2020 kl.\u00a012.00</time>'
    )
    assert "18 juni kl.\u00a012.00<" in show('{% time_tag due "short" %}', {"due": DUE})
    assert ">torsdag 18 juni 2020<" in show('{% time_tag due "date" %}', {"due": DUE})
    assert ">kl.\u00a012.00<" in show('{% time_tag due "time" %}', {"due": DUE})
    assert show("{% time_tag nothing %}") == ""


def test_due_says_overdue_with_icon_and_words():
    shown = show("{% due value now %}", {"value": NOW - dt.timedelta(days=3), "now": NOW})
    assert "due--overdue" in shown
    assert "3 dagar sen" in shown
    assert "<svg" in shown
    answered = show("{% due value now answered=True %}", {"value": NOW - dt.timedelta(days=3), "now": NOW})
    assert "due--overdue" not in answered
    assert "6 juni 2020" in answered
    assert "Ingen dag bestämd" in show("{% due nothing now %}", {"now": NOW})


# --- Small parts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(icons.ICONS))
def test_every_icon_is_decorative(name):
    drawn = icons.icon(name)
    assert 'aria-hidden="true"' in drawn
    assert drawn.count("<svg") == drawn.count("</svg>") == 1


def test_unknown_icons_and_tones_are_mistakes():
    with pytest.raises(icons.UnknownIcon):
        icons.icon("unicorn")
    with pytest.raises(ValueError, match="no tone"):
        show('{% status_badge "x" "dot" "pink" %}')


def test_status_is_said_in_words_and_escaped():
    shown = show('{% status_badge label "alert" "danger" %}', {"label": "Sen <b>"})
    assert "Sen &lt;b&gt;" in shown
    assert "<svg" in shown
    assert 'data-color="danger"' in shown


def test_query_with_keeps_the_rest():
    shown = html.unescape(show("{% query_with page=3 q=None %}", address="/nyheter/?q=hej&org=1&org=2&page=2"))
    assert shown == "?org=1&org=2&page=3"


def test_breadcrumbs_end_with_the_page_itself():
    shown = show('{% breadcrumbs "Nyheter" "/nyheter/" "Fler vuxna ute" %}')
    assert re.findall(r'href="([^"]*)"', shown) == ["/", "/nyheter/"]
    assert '<span aria-current="page">Fler vuxna ute</span>' in shown
    staff = show('{% breadcrumbs "Läget nu" %}', address="/arbete/lage/")
    assert 'href="/arbete/"' in staff


def test_pager_keeps_the_filter():
    page = Paginator(range(30), 10).get_page(2)
    shown = html.unescape(
        show('{% include "components/pager.html" %}', {"page": page}, address="/nyheter/?area=2&page=2")
    )
    assert 'href="?area=2&page=1"' in shown
    assert 'href="?area=2&page=3"' in shown
    assert "Sida 2 av 3" in shown
    assert show('{% include "components/pager.html" %}', {"page": Paginator([], 10).get_page(1)}) == ""


def test_timeline_says_when_what_and_who():
    events = [{"at": DUE, "words": "Rapporten lämnad", "who": "Enhetschef, Socialförvaltningen"}]
    shown = show('{% include "components/timeline.html" %}', {"events": events})
    assert "<ol" in shown
    assert "Rapporten lämnad" in shown
    assert "Enhetschef, Socialförvaltningen" in shown
    assert 'datetime="2020-06-18T12:00+02:00"' in shown
    assert "Inget har hänt än." in show('{% include "components/timeline.html" %}', {"events": []})


def test_table_has_caption_scopes_and_a_region_for_the_keyboard():
    shown = show(
        '{% include "components/table.html" with caption="Antal" %}',
        {"columns": ["Förvaltning", "Svar"], "rows": [["Social", 3]]},
    )
    assert "<caption>Antal</caption>" in shown
    assert '<th scope="row">Social</th>' in shown
    assert 'tabindex="0"' in tag_with(shown, "section", aria_label="Antal")


def test_telephone_numbers_are_not_broken():
    assert show("{{ number|phone }}", {"number": "0523-61 30"}) == "0523\u201161\u00a030"
    assert show("{{ number|phone_href }}", {"number": "0523-61 30"}) == "05236130"


# --- Forms ------------------------------------------------------------------------------------------


def test_a_fresh_form_has_no_browser_validation_and_marks_what_is_optional():
    page = crispy(Reply())
    assert "novalidate" in tag_with(page, "form")
    assert not re.search(r"\srequired\b", page)
    assert 'enctype="multipart/form-data"' in page
    assert page.count("(frivilligt)") == 4
    assert "csrfmiddlewaretoken" in page
    assert "error-summary" not in page
    assert re.search(r'<button class="ds-button" type="submit"[^>]*>Skicka</button>', page)
    assert 'href="/arbete/">Avbryt' in page


def test_hints_and_errors_are_tied_to_their_field():
    page = crispy(Reply({}))
    headline = tag_with(page, "input", id="id_headline")
    assert 'aria-describedby="id_headline_helptext id_headline_error"' in headline
    assert 'aria-invalid="true"' in headline
    assert 'id="id_headline_helptext"' in page
    assert 'id="id_headline_error"' in page
    assert 'aria-describedby="id_due_at_helptext id_due_at_error"' in tag_with(page, "fieldset", id="div_id_due_at")
    assert 'aria-invalid="true"' in tag_with(page, "input", id="id_checked")


def test_every_id_is_unique_and_every_reference_lands():
    page = crispy(Reply({}))
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for names in re.findall(r'(?:aria-describedby|aria-labelledby|for)="([^"]+)"', page):
        assert set(names.split()) <= set(ids)
    for target in re.findall(r'href="#([^"]+)"', page):
        assert target in ids


def test_the_summary_counts_and_says_the_same_words_as_the_field():
    page = crispy(Reply({}))
    assert "4 saker behöver rättas" in page
    assert page.count("Fyll i ”Rubrik”.") == 2
    assert page.count("Välj ett svar i ”Hur gick det”.") == 2
    assert '<a href="#id_headline">' in page
    assert '<a href="#id_outcome_0">' in page
    assert '<a href="#id_due_at_0">' in page
    summary = tag_with(page, "div", id="felrutan")
    assert 'tabindex="-1"' in summary
    assert "autofocus" in summary
    assert "En sak behöver rättas" in crispy(Reply({**SENT, "headline": ""}))


def test_what_was_typed_stays_also_when_it_is_wrong():
    page = crispy(Reply({**SENT, "headline": "x" * 81, "due_at_1": "tolv", "body": "<script>alert(1)</script>"}))
    assert "x" * 81 in page
    assert 'value="tolv"' in tag_with(page, "input", id="id_due_at_1")
    assert "&lt;script&gt;" in page
    assert "checked" in tag_with(page, "input", id="id_outcome_0")
    assert page.count("Skriv klockslaget som timmar och minuter") == 2


def test_choices_stand_in_a_fieldset_with_a_legend():
    page = crispy(Reply())
    group = re.search(r'<fieldset class="field" id="div_id_outcome".*?</fieldset>', page, re.S).group()
    assert "<legend>Hur gick det</legend>" in group
    assert group.count('type="radio"') == 2
    assert '<label for="id_outcome_1">Pågår</label>' in group


def test_choices_can_have_hints():
    form = Reply()
    form.fields["outcome"].widget.option_hints = {"b": "Något återstår."}
    page = crispy(form)
    assert 'aria-describedby="id_outcome_1_hint"' in tag_with(page, "input", id="id_outcome_1")
    assert '<div class="choice__hint field__hint" id="id_outcome_1_hint">Något återstår.</div>' in page


def test_dates_use_the_browsers_own_inputs_and_become_aware_moments():
    page = crispy(Reply(initial={"due_at": DUE, "day": dt.date(2020, 6, 9)}))
    assert 'value="2020-06-18"' in tag_with(page, "input", id="id_due_at_0", type="date")
    assert 'value="12:00"' in tag_with(page, "input", id="id_due_at_1", type="time")
    assert 'value="2020-06-09"' in tag_with(page, "input", id="id_day", type="date")
    form = Reply(SENT)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["due_at"] == DUE


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2020-02-30", "i morgon"])
def test_unreasonable_days_get_an_answer(day):
    form = Reply({**SENT, "day": day, "due_at_0": day})
    assert not form.is_valid()
    assert set(form.errors) == {"day", "due_at"}


def test_autocomplete_tokens_stay_and_placeholders_go():
    class Address(ui_forms.PortalForm):
        mail = forms.EmailField(
            label="E-post", widget=forms.EmailInput(attrs={"autocomplete": "email", "placeholder": "E-post"})
        )

    page = crispy(Address())
    assert 'autocomplete="email"' in page
    assert "placeholder" not in page


def test_formsets_show_their_errors_in_one_summary():
    class Row(ui_forms.PortalForm):
        text = forms.CharField(label="Punkt")

    rows = forms.formset_factory(Row, extra=0, min_num=2, validate_min=True)
    sent = rows({"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-text": "", "form-1-text": "b"})
    found = errors.errors_of(sent)
    assert {"text": "Fyll i ”Punkt”.", "id": "id_form-0-text"} in found
    page = show(
        "{% load crispy_forms_tags %}{% crispy formset helper %}",
        {"formset": sent, "helper": ui_forms.PortalForm().helper, "csrf_token": "x"},
    )
    assert "form-TOTAL_FORMS" in page
    assert '<a href="#id_form-0-text">' in page


def test_layout_objects_of_crispy_find_their_templates():
    from crispy_forms.bootstrap import FormActions, StrictButton
    from crispy_forms.layout import HTML, Button, Div, Field, Fieldset, Hidden, Layout, Submit

    form = Reply()
    form.helper.layout = Layout(
        Fieldset("Först", "headline", Field("body", rows=3), HTML("<p>Mellan</p>")),
        Div("outcome", "places", "due_at", css_class="narrow"),
        Hidden("next", "/x/"),
        FormActions(Submit("publish", "Publicera", css_class="danger"), Button("undo", "Ångra")),
        StrictButton("Visa", type="submit"),
    )
    page = crispy(form)
    assert "<legend>Först</legend>" in page
    assert 'rows="3"' in page
    assert 'name="publish" value="1"' in page
    assert 'data-color="danger"' in page
    assert 'type="hidden" name="next"' in page


def test_confirmation_asks_before_it_acts():
    shown = show(
        '{% include "components/confirm.html" with question="Vill du dra tillbaka nyheten?"'
        ' submit_label="Dra tillbaka" cancel_url="/arbete/" tone="danger" %}',
        {"csrf_token": "x"},
    )
    assert "<h1>Vill du dra tillbaka nyheten?</h1>" in shown
    assert 'method="post"' in shown
    assert "csrfmiddlewaretoken" in shown


# --- Frames -----------------------------------------------------------------------------------------


def whole(name: str, context: dict | None = None, address: str = "/") -> str:
    return loader.get_template(name).render(context or {}, request_for(address))


PUBLIC = (
    '{% extends "base_public.html" %}'
    "{% block title %}Nyheter{% endblock %}{% block main %}<h1>Nyheter</h1>{% endblock %}"
)


def public(address: str = "/nyheter/", context: dict | None = None):
    """A rendered public page and the request it was made for."""
    request = request_for(address)
    backend = loader.engines["django"]
    return backend.from_string(PUBLIC).render(context or {}, request), request


def test_public_frame():
    page, _request = public()
    assert page.startswith("<!DOCTYPE html>")
    assert '<html lang="sv">' in page
    assert "<title>Nyheter – Trygg i Lysekil</title>" in page
    first_link = re.search(r"<body[^>]*>\s*<a[^>]*>", page).group()
    assert 'href="#innehall"' in first_link
    assert '<main id="innehall" tabindex="-1">' in page
    assert 'href="/nyheter/" aria-current="page"' in page
    assert 'href="/tillganglighet/"' in page
    assert 'href="/arbete/"' in page


def test_public_frame_runs_no_script_and_asks_little():
    page, _request = public()
    assert re.findall(r"<script[^>]*>", page) == ['<script src="/static/js/page_tools.js" defer>']
    assert "style=" not in page
    assert "onclick" not in page
    assert len(re.findall(r'<link rel="stylesheet"', page)) == 1
    assert len(gzip.compress(page.encode())) + len(gzip.compress(bundles.build("css/public.css").encode())) < 15_360


def test_public_frame_wakes_neither_session_nor_token():
    page, request = public(context={"form": Reply()})
    assert "csrf" not in page.lower()
    assert "CSRF_COOKIE" not in request.META


def test_the_title_says_when_a_form_was_refused():
    assert "<title>Fel: Nyheter" in public(context={"any_name": Reply({})})[0]
    assert "<title>Fel: Nyheter" in public(context={"several": [Reply(SENT), Reply({})]})[0]
    assert "<title>Nyheter" in public(context={"form": Reply(SENT), "other": Reply()})[0]


def test_the_language_switch_leads_to_the_same_page():
    swedish_page, _request = public("/nyheter/")
    assert '<a href="/en/nyheter/" lang="en" hreflang="en">English</a>' in swedish_page
    with translation.override("en"):
        english_page, _request = public("/en/nyheter/")
    assert '<html lang="en">' in english_page
    assert '<a href="/nyheter/" lang="sv" hreflang="sv">Svenska</a>' in english_page
    assert 'href="/en/kontakt/"' in english_page
    assert links.in_other_language("/finns/inte/") == ""


def test_municipality_is_data(settings):
    settings.MUNICIPALITY = {
        **settings.MUNICIPALITY,
        "NAME": "Sotenäs kommun",
        "PORTAL_NAME": "Trygg i Sotenäs",
        "FOOTER_LINKS": [("Bygglov", "https://exempel.invalid/bygglov")],
    }
    page, _request = public()
    assert "Lysekil" not in page
    assert "Trygg i Sotenäs" in page
    assert '<a href="https://exempel.invalid/bygglov">Bygglov</a>' in page


def test_demo_mode_is_said_on_every_page(settings):
    settings.DEMO = True
    assert 'href="/arbete/roll/"' in public()[0]
    settings.DEMO = False
    assert "/arbete/roll/" not in public()[0]


class Worker:
    is_authenticated = True


def staff(context: dict | None = None) -> str:
    source = PUBLIC.replace("base_public", "base_staff").replace("Nyheter", "Läget nu")
    request = request_for("/arbete/")
    request.user = Worker()
    return loader.engines["django"].from_string(source).render(context or {}, request)


def test_staff_frame_shows_menu_role_and_way_out():
    menu = [{"label": "Mitt arbete", "url": "/arbete/", "current": True}, {"label": "Möten", "url": "/x/"}]
    page = staff({"staff_nav": menu, "staff_role": "Samordnare", "user": Worker()})
    assert 'href="/arbete/" aria-current="page">Mitt arbete' in page
    assert "Samordnare" in page
    assert re.search(r'<form method="post" action="/konto/logout/">\s*<input type="hidden" name="csrf', page)
    assert '"allowEval": false' in page
    assert "style=" not in page
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []


def test_messages_have_role_icon_and_words():
    class Message:
        def __init__(self, level_tag, text):
            self.level_tag, self.text = level_tag, text

        def __str__(self):
            return self.text

    page = staff({"messages": [Message("success", "Sparat <b>"), Message("error", "Gick inte")]})
    assert 'data-color="success" role="status"' in page
    assert 'data-color="danger" role="alert"' in page
    assert "Sparat &lt;b&gt;" in page


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "413", "500", "503"])
def test_error_pages_say_what_happened_and_the_way_on(name):
    for context, request in (({}, request_for()), ({}, None)):
        page = loader.get_template(f"{name}.html").render(context, request)
        assert page.count("<h1>") == 1
        assert "Trygg i Lysekil" in page
        assert 'href="/"' in page
        words = re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main>")])
        assert len(" ".join(words.split())) > 150
    if name == "404":
        assert "finns inte" in page


def test_a_refusal_may_say_why():
    assert "Bara kommundirektören beslutar." in whole("403.html", {"reason": "Bara kommundirektören beslutar."})


@pytest.mark.parametrize(
    "name",
    [
        "login",
        "request_login_code",
        "confirm_login_code",
        "confirm_password_reset_code",
        "logout",
        "password_reset",
        "password_reset_done",
        "password_reset_from_key",
        "password_reset_from_key_done",
        "password_change",
        "password_set",
        "reauthenticate",
        "signup_closed",
        "signup",
        "account_inactive",
    ],
)
def test_sign_in_pages_wear_our_frame(name):
    class Mail(forms.Form):
        login = forms.EmailField(label="E-post")
        password = forms.CharField(label="Lösenord", widget=forms.PasswordInput)

    form = Mail()
    page = whole(
        f"account/{name}.html",
        {
            "form": form,
            "verify_form": form,
            "action_url": "/konto/x/",
            "LOGIN_BY_CODE_ENABLED": True,
            "can_resend": True,
        },
        "/konto/login/",
    )
    assert page.count("<h1>") == 1
    assert "– Trygg i Lysekil</title>" in page
    assert not re.search(r"<title>(?:Fel: )?\s*–", page)
    assert not re.search(r"\srequired\b", page)


# --- Style sheets -----------------------------------------------------------------------------------


def test_the_finder_offers_fresh_sheets(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    finder = bundles.BundleFinder()
    found = finder.find("css/public.css")
    assert found == str(tmp_path / "bundles" / "css" / "public.css")
    assert "prefers-color-scheme" in (tmp_path / "bundles" / "css" / "public.css").read_text(encoding="utf-8")
    assert finder.find("css/tokens.css") is None
    assert finder.find("css/tokens.css", find_all=True) == []
    listed = {name: storage.exists(name) for name, storage in finder.list([])}
    assert listed == {"css/public.css": True, "css/public_more.css": True, "css/staff.css": True}


def test_static_files_of_the_frame_are_found():
    for name in ("css/public.css", "css/staff.css", "img/logo.svg", "img/favicon.svg", "js/autosave.js"):
        assert finders.find(name), name


def test_a_missing_part_says_what_to_do(monkeypatch):
    monkeypatch.setitem(bundles.BUNDLES, "css/public.css", ("ds/unheard-of.css",))
    with pytest.raises(bundles.PartMissing, match="make setup"):
        bundles.build("css/public.css")

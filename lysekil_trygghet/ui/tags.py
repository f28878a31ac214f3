"""Template tags for looks, available in every template without {% load %}.

Short reference: icon, status_badge, swedish_date, swedish_datetime, time_tag, due, week, breadcrumbs,
query_with, is_current, page_url, other_language, block_text,
json_ld, stale_words, error_prefix, form_errors, field_widget, field_options,
field_parts, message_look.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django import forms, template
from django.conf import settings
from django.forms.formsets import BaseFormSet
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from . import formats, links
from .context import site
from .errors import errors_of, form_has_errors, landing_id
from .icons import icon as draw

register = template.Library()

TONES = ("neutral", "accent", "info", "success", "warning", "danger", "brand1")


class UnknownTone(ValueError):
    """A template asked for a tone the theme does not have."""


@register.simple_tag(takes_context=True)
def ensure_site(context: template.Context) -> str:
    """{% ensure_site %}: the municipality's data also where no context processor ran (the page for a 500)."""
    for name, value in site().items():
        if name not in context:
            context[name] = value
    return ""


# --- Small parts ------------------------------------------------------------------------------------


@register.simple_tag(name="icon")
def icon_tag(name: str) -> SafeString:
    """{% icon "check" %}: decorative inline SVG."""
    return draw(name)


@register.inclusion_tag("components/status_badge.html")
def status_badge(label: Any, icon: str = "dot", tone: str = "neutral") -> dict[str, Any]:
    """{% status_badge "Försenad" "alert" "danger" %}: icon and word, so never colour alone."""
    if tone not in TONES:
        raise UnknownTone(f"no tone is called {tone!r}; there are: {', '.join(TONES)}")
    return {"label": label, "icon": icon, "tone": tone}


# --- Dates ------------------------------------------------------------------------------------------


@register.filter(name="swedish_date")
def swedish_date(value: formats.Moment | None) -> str:
    """{{ day|swedish_date }}: tisdag 9 juni 2020."""
    return formats.swedish_date(value) if value else ""


@register.filter(name="swedish_datetime")
def swedish_datetime(value: dt.datetime | None) -> str:
    """{{ moment|swedish_datetime }}: tisdag 9 juni 2020 kl. 12.00."""
    return formats.swedish_datetime(value) if value else ""


@register.filter(name="swedish_time")
def swedish_time(value: dt.datetime | dt.time | None) -> str:
    """{{ moment|swedish_time }}: kl. 12.00."""
    return formats.swedish_time(value) if value else ""


@register.filter(name="week")
def week(value: formats.Moment | None) -> str:
    """{{ day|week }}: vecka 25."""
    return formats.week(value) if value else ""


@register.filter
def phone(number: str) -> str:
    """{{ number|phone }}: a telephone number that is never broken over two lines."""
    return number.replace(" ", "\u00a0").replace("-", "\u2011")


@register.filter
def phone_href(number: str) -> str:
    """{{ number|phone_href }}: what a tel: link holds."""
    return "".join(sign for sign in number if sign.isdigit() or sign == "+")


@register.simple_tag
def time_tag(value: formats.Moment | None, style: str = "") -> SafeString | str:
    """{% time_tag moment %}: a <time> element. style: "" (all), "date", "short" (no weekday or year), "time"."""
    if not value:
        return ""
    if style == "time":
        words = formats.swedish_time(value)
    elif style == "date" or not isinstance(value, dt.datetime):
        words = formats.swedish_date(value, weekday=style != "short", year=style != "short")
    elif style == "short":
        words = formats.swedish_datetime(value, weekday=False, year=False)
    else:
        words = formats.swedish_datetime(value)
    # "kl." and the time of day stay on one line.
    words = words.replace("kl. ", "kl.\u00a0")
    return format_html('<time datetime="{}">{}</time>', formats.machine(value), words)


@register.inclusion_tag("components/due.html", takes_context=True)
def due(
    context: template.Context, value: formats.Moment | None, now: Any = None, answered: bool = False
) -> dict[str, Any]:
    """{% due assignment.due_at now %}: the day and how far away it is. With answered=True only the day."""
    now = now or context.get("now")
    words = formats.due_words(value, now=now) if value and now and not answered else ""
    days = formats.distance_in_days(value, now=now) if words and value else None
    overdue = bool(words) and value is not None and formats.is_past(value, now=now)
    return {
        "value": value,
        "words": words,
        "overdue": overdue,
        "soon": not overdue and days is not None and days <= 1,
    }


# --- Addresses --------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: Any) -> str:
    """{% query_with page=2 %}: this page's query string with page replaced (None takes it away)."""
    return links.with_query(context.get("request"), **changes)


@register.simple_tag
def page_url(path: str) -> str:
    """{% page_url "/nyheter/" %}: the address in the language of the page."""
    return links.in_this_language(path)


@register.simple_tag(takes_context=True)
def other_language(context: template.Context) -> dict[str, str]:
    """{% other_language as other %}: url, absolute, code and name of this page in the other language; {} if none."""
    request = context.get("request")
    url = links.in_other_language(request.path) if request is not None else ""
    if not url:
        return {}
    code = links.OTHER[links.current_language()]
    absolute = settings.SITE_URL + url
    return {"url": url, "absolute": absolute, "code": code, "name": links.LANGUAGE_NAMES[code]}


@register.simple_tag(takes_context=True)
def canonical_url(context: template.Context) -> str:
    """{% canonical_url as address %}: the one address of a residents' page; empty for previews, which have none."""
    request = context.get("request")
    if request is None or request.path.startswith("/arbete/"):
        return ""
    page = request.GET.get("page", "")
    is_later = page.isascii() and page.isdigit() and len(page) < 6 and int(page) > 1
    return settings.SITE_URL + request.path + (f"?page={page}" if is_later else "")


@register.simple_tag(takes_context=True)
def block_text(context: template.Context, name: str) -> SafeString:
    """{% block_text "title" %}: what a block of the page holds, once more (for Open Graph)."""
    # An included template has a layer of its own above that of the page.
    layers = reversed(context.render_context.dicts)
    blocks = next((layer[BLOCK_CONTEXT_KEY] for layer in layers if BLOCK_CONTEXT_KEY in layer), None)
    block = blocks.get_block(name) if blocks is not None else None
    return mark_safe(block.render(context).strip()) if block is not None else SafeString("")  # noqa: S308 - a template's own


@register.simple_tag
def json_ld(data: Any) -> SafeString:
    """{% json_ld data %}: schema.org for search engines; nothing without data. A browser does not run it."""
    if not data:
        return SafeString("")
    text = json.dumps(data, ensure_ascii=False, default=str)
    # Nothing in it can end the element.
    for sign, code in (("&", "\\u0026"), ("<", "\\u003c"), (">", "\\u003e")):
        text = text.replace(sign, code)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 - escaped above


@register.simple_tag
def stale_words(updated_at: formats.Moment | None, is_running: bool = False) -> str:
    """{% stale_words updated_at is_running as words %}: says by itself that what goes on has not been touched."""
    if not updated_at or not is_running:
        return ""
    weeks = formats.distance_in_days(timezone.now(), now=updated_at) // 7
    if weeks < settings.STALE_WEEKS:
        return ""
    return _("Sidan har inte ändrats på %(weeks)s veckor. Fråga oss om du undrar hur det går.") % {"weeks": weeks}


@register.simple_tag(takes_context=True)
def other_language_url(context: template.Context) -> str:
    """{% other_language_url %}: only the address, empty when the page has no twin."""
    return other_language(context).get("url", "")


@register.simple_tag(takes_context=True)
def is_current(context: template.Context, path: str, exact: bool = False) -> bool:
    """{% is_current "/nyheter/" as here %}: the page is this one, or lies below it."""
    request = context.get("request")
    if request is None:
        return False
    return request.path == path or (not exact and path != "/" and request.path.startswith(path))


@register.inclusion_tag("components/breadcrumbs.html", takes_context=True)
def breadcrumbs(context: template.Context, *steps: Any) -> dict[str, Any]:
    """{% breadcrumbs "Nyheter" "/nyheter/" "Rubriken" %}: pairs of words and address; the last words stand
    alone and are the page itself. The first step (Läget or Mitt arbete) is added."""
    request = context.get("request")
    staff = request is not None and request.path.startswith("/arbete/")
    trail = [
        {"label": _("Mitt arbete"), "url": "/arbete/"}
        if staff
        else {"label": _("Läget"), "url": links.in_this_language("/")}
    ]
    rest = list(steps)
    while len(rest) > 1:
        trail.append({"label": rest.pop(0), "url": rest.pop(0)})
    return {"trail": trail, "current": rest[0] if rest else ""}


# --- Forms ------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def error_prefix(context: template.Context) -> str:
    """{% error_prefix %}: "Fel: " for the title when a form on the page was sent with errors."""
    found = any(form_has_errors(value) for value in context.flatten().values())
    return _("Fel: ") if found else ""


@register.simple_tag
def form_errors(*things: Any) -> list[dict[str, str]]:
    """{% form_errors form as errors %}: every error with the id of the field it belongs to."""
    return errors_of(*things)


def _dress(field: forms.BoundField) -> dict[str, Any]:
    """The attributes that make a field of any form look like ours. A class set on the widget is kept."""
    field.form.use_required_attribute = False
    own = field.field.widget.attrs.get("class", "").split()
    return {"class": " ".join(dict.fromkeys([*own, "ds-input"])), "placeholder": False}


@register.simple_tag
def field_widget(field: forms.BoundField) -> SafeString:
    """{% field_widget field %}: the field's own control with hints and errors tied to it."""
    return field.as_widget(attrs=_dress(field))


@register.simple_tag
def field_options(field: forms.BoundField) -> list[dict[str, Any]]:
    """{% field_options field as options %}: each radio button or checkbox with its label and hint."""
    dress = _dress(field)
    hints = getattr(field.field.widget, "option_hints", {})
    options = []
    for widget in field.subwidgets:
        attrs = {**widget.data["attrs"], "class": dress["class"]}
        hint = hints.get(str(widget.data["value"]), "")
        hint_id = f"{attrs.get('id')}_hint"
        if hint:
            attrs["aria-describedby"] = hint_id
        widget.data["attrs"] = attrs
        options.append(
            {
                "control": widget.tag(),
                "id": attrs.get("id"),
                "label": widget.choice_label,
                "hint": hint,
                "hint_id": hint_id,
            }
        )
    return options


@register.simple_tag
def field_parts(field: forms.BoundField) -> list[dict[str, Any]]:
    """{% field_parts field as parts %}: each control of a field made of several (day and time of day)."""
    dress = _dress(field)
    labels = getattr(field.field.widget, "part_labels", ())
    data = field.field.widget.get_context(
        field.html_name, field.value(), field.build_widget_attrs({**dress, "id": field.auto_id})
    )["widget"]["subwidgets"]
    parts = []
    for number, (part, widget) in enumerate(zip(data, field.field.widget.widgets, strict=True)):
        control = widget._render(part["template_name"], {"widget": part}, field.form.renderer)
        label = labels[number] if number < len(labels) else ""
        parts.append({"control": control, "id": part["attrs"].get("id"), "label": label})
    return parts


@register.filter
def field_kind(field: forms.BoundField) -> str:
    """How the pack draws a field: options, parts, check or plain."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "options"
    if isinstance(widget, forms.MultiWidget):
        return "parts"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "plain"


@register.filter
def first_control(field: forms.BoundField) -> str:
    """The id an error link leads to."""
    return landing_id(field)


@register.filter
def is_formset(thing: Any) -> bool:
    return isinstance(thing, BaseFormSet)


# --- Messages ---------------------------------------------------------------------------------------

MESSAGE_LOOKS = {
    "debug": ("info", "info"),
    "info": ("info", "info"),
    "success": ("success", "check-circle"),
    "warning": ("warning", "alert"),
    "error": ("danger", "cross-circle"),
}


@register.simple_tag
def message_look(message: Any) -> dict[str, str]:
    """{% message_look message as look %}: tone, icon and role of one of Django's messages."""
    tone, name = MESSAGE_LOOKS.get(getattr(message, "level_tag", ""), ("info", "info"))
    return {"tone": tone, "icon": name, "role": "alert" if tone in ("danger", "warning") else "status"}

"""What residents tell us: whether a page helped, and where they do not feel safe. No account, no cookie, no names."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.operations import page_answers
from lysekil_trygghet.history.guards import Refused
from lysekil_trygghet.privacy.scanner import scan
from lysekil_trygghet.privacy.text import UnreadableText, clean_text
from lysekil_trygghet.publishing.pages import public_page
from lysekil_trygghet.publishing.resident_forms import residents_form
from lysekil_trygghet.start.sitemap import pages
from situation.operations import places_told

ANSWERS_AN_HOUR, PLACES_AN_HOUR = 30, 5
LONGEST_PLACE = 120


class PlaceForm(forms.Form):
    """One place, and what is wrong with it."""

    use_required_attribute = False
    place = forms.CharField(
        label=gettext_lazy("Vilken plats?"),
        max_length=LONGEST_PLACE,
        error_messages={
            "required": gettext_lazy("Skriv vilken plats du menar."),
            "max_length": gettext_lazy("Platsen är för lång. Skriv högst 120 tecken."),
        },
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Vad gör platsen otrygg?"),
        choices=list(places_told.KINDS.items()),
        error_messages={
            "required": gettext_lazy("Välj vad som gör platsen otrygg."),
            "invalid_choice": gettext_lazy("Välj ett av svaren i listan."),
        },
    )

    def clean_place(self) -> str:
        try:
            place = clean_text(self.cleaned_data["place"])
        except UnreadableText:
            raise forms.ValidationError(_("Platsen har tecken som inte går att läsa. Skriv den igen.")) from None
        if not place:
            raise forms.ValidationError(_("Skriv vilken plats du menar."))
        if scan(place):
            raise forms.ValidationError(
                _("Skriv bara platsen. Det du skrev liknar något om en person, till exempel ett nummer.")
            )
        return place


@residents_form("unsafe_place", an_hour=PLACES_AN_HOUR)
def unsafe_place(request: HttpRequest) -> HttpResponse:
    """Tell of a place where one does not feel safe."""
    form = PlaceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            places_told.tell(form.cleaned_data["place"], form.cleaned_data["kind"], now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return HttpResponseRedirect(reverse("start:unsafe_place_thanks"), status=303)
    context = {"form": form, "kinds": places_told.KINDS.items(), "longest": LONGEST_PLACE}
    return render(request, "start/unsafe_place.html", context, status=422 if form.errors else 200)


@public_page
def unsafe_place_thanks(request: HttpRequest) -> HttpResponse:
    """It has come, and what happens with it."""
    return render(request, "start/unsafe_place_thanks.html")


@residents_form("page_answer", an_hour=ANSWERS_AN_HOUR)
def found_it(request: HttpRequest) -> HttpResponse:
    """Yes or no to whether the page helped. Only pages that are there are counted."""
    if request.method != "POST":
        raise Http404
    path, answer = request.POST.get("page", ""), request.POST.get("found", "")
    if answer not in ("yes", "no") or path not in _known_paths():
        return HttpResponseRedirect(reverse("start:home"), status=303)
    page_answers.count(path, found=answer == "yes", now=timezone.now())
    return HttpResponseRedirect(f"{reverse('start:thanks')}?page={path}", status=303)


@public_page(query=["page"], keep=False)
def thanks(request: HttpRequest) -> HttpResponse:
    """Thanks, and the way back."""
    path = request.GET.get("page", "")
    return render(request, "start/thanks.html", {"back": path if path in _known_paths() else reverse("start:home")})


def _known_paths() -> set[str]:
    """Every page of the map, in both languages."""
    known = list(pages())
    found = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {page.address() for page in known}
    return found

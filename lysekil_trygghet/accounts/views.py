"""The administrator's pages: who may sign in, which role they have where, and until when."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from . import operations, policies, queries
from .forms import DelegationForm, LastDayForm, MembershipForm, PersonForm
from .models import Delegation, Membership, User
from .words import timeline_of_person

PEOPLE_PER_PAGE = 50


def _door(request: HttpRequest) -> None:
    """Every page here is the administrator's."""
    if not policies.can_manage_people(request.actor):
        raise PermissionDenied


def _person(request: HttpRequest, pk: int) -> User:
    _door(request)
    return get_object_or_404(User, pk=pk)


def _form_page(request: HttpRequest, form: Form, *, title: str, user: User | None = None) -> HttpResponse:
    back = reverse("accounts:person", args=[user.pk]) if user else reverse("accounts:people")
    form.cancel_url = back
    context = {"form": form, "title": title, "person": user}
    return render(request, "accounts/form.html", context, status=422 if form.is_bound else 200)


def _ask_page(request: HttpRequest, form: Form | None, *, user: User, **words: str) -> HttpResponse:
    context = {"form": form, "person": user, "back": reverse("accounts:person", args=[user.pk]), **words}
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "accounts/confirm.html", context, status=status)


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    _door(request)
    page = Paginator(User.objects.order_by("-is_active", "name", "pk"), PEOPLE_PER_PAGE).get_page(
        request.GET.get("page")
    )
    rows = queries.person_rows(page.object_list, on=timezone.localdate())
    return render(request, "accounts/people.html", {"rows": rows, "page": page})


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    user = _person(request, pk)
    row = queries.person_rows([user], on=timezone.localdate())[0]
    context = {
        "row": row,
        "person": user,
        "events": timeline_of_person(user),
        "may_close": policies.can_deactivate(request.actor, user),
    }
    return render(request, "accounts/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add_person(request: HttpRequest) -> HttpResponse:
    _door(request)
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = operations.add_person(**form.cleaned_data, by=request.actor, now=timezone.now())
        except operations.AddressTaken:
            form.add_error("email", _("Adressen finns redan. Leta upp personen i listan."))
        else:
            messages.success(request, _("Personen är tillagd. Ge den en roll."))
            return redirect("accounts:begin_membership", user.pk)
    return _form_page(request, form, title=_("Lägg till en person"))


@require_http_methods(["GET", "HEAD", "POST"])
def begin_membership(request: HttpRequest, pk: int) -> HttpResponse:
    user = _person(request, pk)
    form = MembershipForm(request.POST or None, initial={"valid_from": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            operations.begin_membership(user, **form.cleaned_data, by=request.actor, now=timezone.now())
        except operations.AlreadyMember:
            form.add_error("role", _("Personen har redan den rollen där under någon av dagarna."))
        except operations.NotAllowed:
            form.add_error(None, _("Kontot är stängt. Öppna det först."))
        else:
            messages.success(request, _("Rollen är given."))
            return redirect("accounts:person", user.pk)
    return _form_page(request, form, title=_("Ge en roll"), user=user)


@require_http_methods(["GET", "HEAD", "POST"])
def delegate(request: HttpRequest, pk: int) -> HttpResponse:
    user = _person(request, pk)
    form = DelegationForm(request.POST or None, initial={"valid_from": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            operations.delegate(user, **form.cleaned_data, by=request.actor, now=timezone.now())
        except operations.AlreadyDelegated:
            form.add_error(None, _("Delegationen är redan införd."))
        except operations.NotAllowed:
            form.add_error(None, _("Kontot är stängt. Öppna det först."))
        else:
            messages.success(request, _("Delegationen är införd."))
            return redirect("accounts:person", user.pk)
    return _form_page(request, form, title=_("För in en delegation"), user=user)


@require_http_methods(["GET", "HEAD", "POST"])
def end_membership(request: HttpRequest, pk: int) -> HttpResponse:
    _door(request)
    membership = get_object_or_404(Membership.objects.select_related("user", "organisation"), pk=pk)
    form = LastDayForm(request.POST or None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            operations.end_membership(membership, **form.cleaned_data, by=request.actor, now=timezone.now())
        except operations.BadDates:
            form.add_error("last_day", _("Välj en dag från och med igår och inte före rollens första dag."))
        except operations.NotAllowed:
            form.add_error(None, _("Du kan inte avsluta din egen administratörsroll."))
        else:
            messages.success(request, _("Rollen har fått en sista dag."))
            return redirect("accounts:person", membership.user_id)
    question = _("Avsluta rollen {role}?").format(role=membership)
    return _ask_page(request, form, user=membership.user, question=question, submit_label=_("Avsluta rollen"))


@require_http_methods(["GET", "HEAD", "POST"])
def end_delegation(request: HttpRequest, pk: int) -> HttpResponse:
    _door(request)
    delegation = get_object_or_404(Delegation.objects.select_related("user", "organisation"), pk=pk)
    form = LastDayForm(request.POST or None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            operations.end_delegation(delegation, **form.cleaned_data, by=request.actor, now=timezone.now())
        except operations.BadDates:
            form.add_error("last_day", _("Välj en dag inom delegationens tid, tidigast igår."))
        else:
            messages.success(request, _("Delegationen har fått en ny sista dag."))
            return redirect("accounts:person", delegation.user_id)
    question = _("Avsluta delegationen {power}?").format(power=delegation)
    return _ask_page(request, form, user=delegation.user, question=question, submit_label=_("Avsluta delegationen"))


@require_http_methods(["GET", "HEAD", "POST"])
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    user = _person(request, pk)
    if request.method == "POST":
        try:
            operations.deactivate(user, by=request.actor, now=timezone.now())
        except operations.NotAllowed:
            messages.error(request, _("Kontot är redan stängt, eller ditt eget."))
        else:
            messages.success(request, _("Kontot är stängt."))
        return redirect("accounts:person", user.pk)
    return _ask_page(
        request,
        None,
        user=user,
        question=_("Stänga kontot för {name}?").format(name=user.name),
        text=_("Personen loggas ut direkt och kan inte logga in igen. Det som personen har gjort står kvar."),
        submit_label=_("Stäng kontot"),
        tone="danger",
    )


@require_POST
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    user = _person(request, pk)
    operations.reactivate(user, by=request.actor, now=timezone.now())
    messages.success(request, _("Kontot är öppet igen."))
    return redirect("accounts:person", user.pk)

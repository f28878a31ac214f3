""" "Byt roll": in demo mode anyone may become any of the demo people. Elsewhere these pages do not exist."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from .actors import Actor
from .demo import addresses, groups
from .landing import first_screen
from .models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def _only_in_demo() -> None:
    if not settings.DEMO:
        raise Http404


@login_not_required
@never_cache
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    _only_in_demo()
    return render(request, "accounts/roles.html", {"groups": groups()})


@login_not_required
@require_POST
def become(request: HttpRequest, key: str) -> HttpResponse:
    _only_in_demo()
    address = addresses().get(key)
    if address is None:
        raise Http404
    user = get_object_or_404(User, email=address, is_active=True)
    login(request, user, backend=BACKEND)
    return redirect(first_screen(Actor.of(user, on=timezone.localdate())))

"""How django-allauth behaves here: nobody signs up by themselves, and no answer tells who has an account."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from .actors import Actor
from .landing import first_screen

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """People are added by the administrator; each signs in by a code in the mail or by a password."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("Kontot är avstängt. Kontakta administratören."),
        "email_password_mismatch": _("E-postadressen eller lösenordet stämmer inte."),
        "enter_current_password": _("Skriv ditt nuvarande lösenord."),
        "incorrect_code": _("Koden stämmer inte. Kontrollera den och försök igen."),
        "incorrect_password": _("Lösenordet stämmer inte."),
        "invalid_login": _("Det gick inte att logga in. Försök igen."),
        "invalid_or_expired_key": _("Länken är redan använd eller för gammal."),
        "invalid_password_reset": _("Länken är redan använd eller för gammal. Be om en ny."),
        "rate_limited": _("Det blev för många försök. Vänta några minuter och försök igen."),
        "same_as_current": _("Det nya värdet måste skilja sig från det gamla."),
        "too_many_login_attempts": _("Det blev för många försök. Vänta några minuter och försök igen."),
        "unknown_email": _("E-postadressen eller lösenordet stämmer inte."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Only addresses on the host that was asked, never another one that happens to be allowed."""
        if not url or any(ord(sign) < 32 for sign in url):
            return False
        request = self.request
        host = {request.get_host()} if request else set()
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts=host, require_https=bool(request and request.is_secure())
        )

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return first_screen(Actor.of(request.user, on=timezone.localdate()))

    def format_email_subject(self, subject: str) -> str:
        return str(subject)

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """A mail made by a machine says so, and no robot answers it (RFC 3834)."""
        headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All", **(headers or {})}
        return super().render_mail(template_prefix, email, context, headers=headers)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that is away must not tell a stranger that the address was known: the page answers
        as always, and the log says what happened (never to whom)."""
        shared = {
            "portal_name": settings.MUNICIPALITY["PORTAL_NAME"],
            "site_url": settings.SITE_URL,
            "minutes": settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60,
        }
        try:
            super().send_mail(template_prefix, email, shared | context)
        except OSError:
            logger.exception("could not send the mail %s", template_prefix)

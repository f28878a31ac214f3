"""Addresses that belong to one subscriber: the name in the ledger, signed, so that nobody can make one up."""

from __future__ import annotations

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from .models import Subscriber

_SALT = "subscriptions.reader"


def token_of(subscriber: Subscriber) -> str:
    return _signer().sign(subscriber.reader)


def subscriber_of(token: str) -> Subscriber | None:
    """Whose link it is; None for a link that is not ours or whose address has been erased."""
    try:
        reader = _signer().unsign(token)
    except BadSignature:
        return None
    return Subscriber.objects.filter(reader=reader).first()


def address(name: str, *args: str) -> str:
    """The whole address of a page of this room, in the active language."""
    return settings.SITE_URL + reverse(f"subscriptions:{name}", args=args)


def _signer() -> Signer:
    return Signer(sep=".", salt=_SALT)

"""The pages of django-allauth the portal uses, under /konto/.

Left out: its pages where people change their own e-mail address. The address is who you are here, and the
administrator answers for it.
"""

from __future__ import annotations

from allauth.account import urls as allauth_urls

LEFT_OUT = frozenset({"account_email", "account_confirm_email", "account_email_verification_sent"})

urlpatterns = [pattern for pattern in allauth_urls.urlpatterns if pattern.name not in LEFT_OUT]

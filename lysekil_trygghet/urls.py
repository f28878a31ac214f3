"""The roof: every address of the portal and the room that answers it."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from incidents.api import DECISIONS, NEWS
from lysekil_trygghet.opendata.api import api_urls
from lysekil_trygghet.opendata.views import catalogue_urls, page_urls
from lysekil_trygghet.start import files
from lysekil_trygghet.start import urls as start
from pledges.api import COMMITMENTS, PLEDGE_SETS
from situation.api import INDICATORS

DATASETS = (PLEDGE_SETS, COMMITMENTS, INDICATORS, DECISIONS, NEWS)

# The admin has no door of its own: the portal's sign-in, with its limits, is the only one.
admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    # Addresses are tried in this order: what residents ask for most comes first.
    *i18n_patterns(
        path("", include("pledges.urls.public")),
        path("", include("incidents.urls.public")),
        path("", include("lysekil_trygghet.start.urls")),
        path("", include("situation.urls.public")),
        path("", include(page_urls(DATASETS))),
        path("", include("lysekil_trygghet.subscriptions.urls")),
        prefix_default_language=False,
    ),
    path("halsa/", include("lysekil_trygghet.watching.urls")),
    path("konto/", include("lysekil_trygghet.accounts.sign_in_urls")),
    path("admin/", admin.site.urls),
    path("robots.txt", files.robots, name="robots"),
    path("favicon.ico", files.favicon, name="favicon"),
    path("api/v1/", api_urls(DATASETS)),
    *catalogue_urls(DATASETS),
    path("kalender/<str:key>.ics", files.my_calendar, name="my_calendar"),
    path("sitemap.xml", files.sitemap, name="sitemap"),
    path("arbete/", include("lysekil_trygghet.accounts.urls")),
    path("arbete/", include("lysekil_trygghet.notifications.urls")),
    path("arbete/", include("lysekil_trygghet.mailroom.urls")),
    path("arbete/", include((start.staff_patterns, "start_staff"))),
    path("arbete/", include("incidents.urls.staff")),
    path("arbete/", include("situation.urls.staff")),
    path("arbete/", include("pledges.urls.staff")),
]
handler400 = "lysekil_trygghet.start.errors.bad_request"
handler403 = "lysekil_trygghet.start.errors.permission_denied"
handler404 = "lysekil_trygghet.start.errors.page_not_found"
handler500 = "lysekil_trygghet.start.errors.server_error"

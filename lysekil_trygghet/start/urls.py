"""Addresses of the two front doors: `urlpatterns` for residents, `staff_patterns` under /arbete/."""

from django.urls import URLPattern, URLResolver, path

from lysekil_trygghet.start import files
from lysekil_trygghet.start.views import embed, public, staff, tell_us

app_name = "start"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", public.home, name="home"),
    path("flode.xml", files.atom, name="feed"),
    path("kalender.ics", files.calendar, name="calendar"),
    path("badda-in/loften/", embed.promises, name="embed_promises"),
    path("badda-in/oembed", embed.oembed, name="oembed"),
    path("sok/", public.search, name="search"),
    path("sa-arbetar-vi/", public.how_we_work, name="how_we_work"),
    path("hjalp-till/", public.help_us, name="help"),
    path("lagen/", public.law, name="law"),
    path("andringar/", public.changes, name="changes"),
    path("tyck-till/hittade/", tell_us.found_it, name="found_it"),
    path("tyck-till/tack/", tell_us.thanks, name="thanks"),
    path("tyck-till/otrygg-plats/", tell_us.unsafe_place, name="unsafe_place"),
    path("tyck-till/otrygg-plats/tack/", tell_us.unsafe_place_thanks, name="unsafe_place_thanks"),
    path("tillganglighet/", public.accessibility, name="accessibility"),
]
staff_patterns: list[URLPattern | URLResolver] = [
    path("", staff.my_work, name="my_work"),
    path("lage/", staff.overview, name="overview"),
    path("direktiv/<int:pk>/klart/", staff.directive_done, name="directive_done"),
]

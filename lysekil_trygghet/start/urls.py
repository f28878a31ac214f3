"""Addresses of the two front doors: `urlpatterns` for residents, `staff_patterns` under /arbete/."""

from django.urls import URLPattern, URLResolver, path

from lysekil_trygghet.start.views import public

app_name = "start"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", public.home, name="home"),
    path("tillganglighet/", public.accessibility, name="accessibility"),
]
staff_patterns: list[URLPattern | URLResolver] = []

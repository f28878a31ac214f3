"""Addresses of the acute chain that residents read."""

from django.urls import URLPattern, URLResolver

app_name = "incidents_public"
urlpatterns: list[URLPattern | URLResolver] = []

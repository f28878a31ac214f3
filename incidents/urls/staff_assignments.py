"""Staff addresses: assignments, report-backs, requests, the registrar's list."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

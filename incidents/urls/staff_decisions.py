"""Staff addresses: steering decisions, revisions, shared drafts, follow-up rounds."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

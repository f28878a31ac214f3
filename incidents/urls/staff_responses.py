"""Staff addresses: events, responses, convening, meetings, directives, situation reports."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

"""Staff addresses: the communicator's queue, news, packages, the Police's page, contact points, staff messages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

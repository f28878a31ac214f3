"""Residents' addresses of this room, in both languages. A subscriber's own begin with `min/`."""

from django.urls import URLPattern, path

from . import views

app_name = "subscriptions"
urlpatterns: list[URLPattern] = [
    path("prenumerera/", views.subscribe, name="subscribe"),
    path("prenumerera/tack/", views.thanks, name="thanks"),
    path("prenumerera/raderad/", views.left, name="left"),
    path("prenumerera/svarat/", views.answered, name="answered"),
    path("prenumerera/min/<str:token>/", views.mine, name="mine"),
    path("prenumerera/min/<str:token>/bort/", views.out, name="out"),
    path("prenumerera/min/<str:token>/skillnad/<str:about>/", views.difference, name="difference"),
]

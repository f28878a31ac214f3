"""The outbox, /arbete/utkorg/; mounted at /arbete/."""

from django.urls import path

from . import views

app_name = "notifications"
urlpatterns = [
    path("utkorg/", views.mails, name="outbox"),
    path("utkorg/<slug:name>/", views.mail, name="mail"),
]

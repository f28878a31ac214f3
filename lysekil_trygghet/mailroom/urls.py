"""The log of mail, /arbete/utskick/; mounted at /arbete/."""

from django.urls import path

from . import views

app_name = "mailroom"
urlpatterns = [
    path("utskick/", views.log, name="log"),
    path("utskick/<int:pk>/", views.message, name="message"),
    path("utskick/<int:pk>/igen/", views.send_again, name="send_again"),
    path("utskick/<int:pk>/framme/", views.arrived, name="arrived"),
    path("utskick/<int:pk>/sagt/", views.set_aside, name="set_aside"),
]

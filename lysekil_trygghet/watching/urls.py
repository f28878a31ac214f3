from django.urls import path

from . import views

app_name = "health"
urlpatterns = [
    path("liv", views.live, name="live"),
    path("redo", views.ready, name="ready"),
]

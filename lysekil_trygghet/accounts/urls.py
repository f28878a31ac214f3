"""The administrator's pages about people, and the demo's "Byt roll". Mounted at /arbete/."""

from django.urls import path

from . import views
from .views_demo import become, roles

app_name = "accounts"

urlpatterns = [
    path("personer/", views.people, name="people"),
    path("personer/ny/", views.add_person, name="add_person"),
    path("personer/<int:pk>/", views.person, name="person"),
    path("personer/<int:pk>/roll/", views.begin_membership, name="begin_membership"),
    path("personer/<int:pk>/delegera/", views.delegate, name="delegate"),
    path("personer/<int:pk>/stang/", views.deactivate, name="deactivate"),
    path("personer/<int:pk>/oppna/", views.reactivate, name="reactivate"),
    path("personer/roller/<int:pk>/avsluta/", views.end_membership, name="end_membership"),
    path("personer/delegationer/<int:pk>/avsluta/", views.end_delegation, name="end_delegation"),
    path("roll/", roles, name="roles"),
    path("roll/<slug:key>/", become, name="become"),
]

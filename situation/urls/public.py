"""Addresses of the situation picture that residents read."""

from django.urls import path

from situation.views import public

app_name = "situation_public"
urlpatterns = [
    path("lagesbild/", public.pictures, name="pictures"),
    path("lagesbild/<slug:slug>/", public.picture, name="picture"),
    path("lagesbild/<slug:slug>/figurer/<int:pk>.<str:kind>", public.figure, name="figure"),
]

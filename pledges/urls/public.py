"""Addresses of the promises that residents read. A promise's number never changes and is never used again."""

from django.urls import path

from pledges.views import public

app_name = "pledges_public"
urlpatterns = [
    path("loften/", public.sets, name="sets"),
    # No set may have one of these two addresses (operations/drafts.py).
    path("loften/ni-sa-vi-gjorde/", public.feedback, name="feedback"),
    path("loften/trygghetsvandringar/", public.walks, name="walks"),
    path("loften/<slug:slug>/", public.pledge_set, name="set"),
    path("loften/<slug:slug>/uppfoljning/", public.closing, name="closing"),
    path("loften/<slug:slug>/<int:number>/", public.commitment, name="commitment"),
]

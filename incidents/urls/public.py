"""Addresses of the acute chain that residents read."""

from django.urls import path

from incidents.views import public

app_name = "incidents_public"
urlpatterns = [
    path("intensifierat/", public.responses, name="responses"),
    path("intensifierat/<slug:slug>/", public.response, name="response"),
    path("intensifierat/<slug:slug>/beslut/<str:number>-v<int:version>/", public.decision, name="decision"),
    path("intensifierat/<slug:slug>/atgarder/<int:version>/", public.package, name="package"),
    path("nyheter/", public.updates, name="updates"),
    path("nyheter/<slug:slug>/", public.update, name="update"),
    path("kontakt/", public.contact, name="contact"),
    path("bilder/<str:name>", public.picture, name="picture"),
]

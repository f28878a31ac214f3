"""Addresses of the acute chain where staff work, under /arbete/; one list for each group of pages."""

from . import staff_assignments, staff_decisions, staff_publishing, staff_responses

app_name = "incidents"
urlpatterns = [
    *staff_responses.urlpatterns,
    *staff_decisions.urlpatterns,
    *staff_assignments.urlpatterns,
    *staff_publishing.urlpatterns,
]

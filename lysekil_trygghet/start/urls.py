"""Addresses of the two front doors: `urlpatterns` for residents, `staff_patterns` under /arbete/."""

from django.urls import URLPattern, URLResolver

app_name = "start"
urlpatterns: list[URLPattern | URLResolver] = []
staff_patterns: list[URLPattern | URLResolver] = []

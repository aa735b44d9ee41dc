"""Addresses of matchmaking's REST resources, under ``/api/v1/``."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

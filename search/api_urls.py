"""REST addresses of the search, under ``/api/v1/``."""

from django.urls import path

from search import api

urlpatterns = [path("search/", api.SearchView.as_view(), name="api-search")]

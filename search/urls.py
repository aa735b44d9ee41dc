"""The address of the search page."""

from django.urls import path

from search import pages

app_name = "search"
urlpatterns = [path("", pages.search, name="search")]

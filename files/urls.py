"""Addresses of files."""

from django.urls import path

from files import pages

app_name = "files"
urlpatterns = [
    path("<uuid:file_id>/thumbnail/", pages.thumbnail, name="thumbnail"),
    path("<uuid:file_id>/<str:name>", pages.file, name="file"),
]

"""REST addresses of files, under ``/api/v1/``."""

from django.urls import path

from files import api

urlpatterns = [
    path("files/", api.UploadsView.as_view(), name="api-uploads"),
    path("files/<uuid:file_id>/", api.UploadView.as_view(), name="api-upload"),
    path("files/<uuid:file_id>/alt/", api.AltView.as_view(), name="api-upload-alt"),
    path("file-accounts/", api.AccountsView.as_view(), name="api-file-accounts"),
]

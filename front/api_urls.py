"""REST addresses of the front app."""

from django.urls import path

from front.api import Results

urlpatterns = [path("results/", Results.as_view(), name="results")]

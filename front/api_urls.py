"""REST addresses of the front app."""

from django.urls import path

from front import api

urlpatterns = [
    path("results/", api.Results.as_view(), name="results"),
    path("site/texts/", api.SiteTexts.as_view(), name="api_site_texts"),
    path(
        "site/texts/<slug:kind>/<slug:language>/",
        api.OneSiteText.as_view(),
        name="api_site_text",
    ),
    path("site/partners/", api.SitePartners.as_view(), name="api_site_partners"),
]

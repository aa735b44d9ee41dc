"""Addresses of the front app's pages; the front page itself is ``home``, of the whole site."""

from django.urls import path

from front import pages

app_name = "front"
urlpatterns = [
    path("about/", pages.about, name="about"),
    path("results/", pages.results, name="results"),
    path("imprint/", pages.text, {"kind": "imprint"}, name="imprint"),
    path("privacy/", pages.text, {"kind": "privacy"}, name="privacy"),
    path("terms/", pages.text, {"kind": "terms"}, name="terms"),
    path("welcome/", pages.arrival, name="arrival"),
    path("welcome/<slug:name>/", pages.step, name="step"),
    path("staff/texts/", pages.staff_texts, name="staff_texts"),
    path("staff/texts/<slug:kind>/<slug:language>/", pages.staff_text, name="staff_text"),
    path("staff/partners/", pages.staff_partners, name="staff_partners"),
]

"""The app's entry in Django, and what it registers at start."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchmakingConfig(AppConfig):
    """Matchmaking."""

    name = "matchmaking"
    verbose_name = _("Matchmaking")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add to the topic ``member:<id>``, home, the arrival, portfolios and acts."""
        from matchmaking import acts, arrival, parts
        from matchmaking.actions.profiles import market_changed
        from matchmaking.live import consortia, groups, profiles, requests, rounds, suggestions
        from matchmaking.queries.evidence import request_evidence
        from matchmaking.search import register_requests
        from members.actions.organisations import when_organisation_changes
        from moderation.registry import register_reportable

        profiles.register()
        groups.register()
        consortia.register()
        rounds.register()
        suggestions.register()
        requests.register()
        arrival.register()
        acts.register()
        parts.register()
        when_organisation_changes(lambda row: market_changed(organisation_ids=[row.pk]))
        register_requests()
        register_reportable("request", request_evidence)

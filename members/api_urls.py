"""Addresses of the members app's REST resources, under `/api/v1/`."""

from django.urls import path

from members import api

urlpatterns = [
    path("me/", api.Me.as_view(), name="api_me"),
    path("me/consents/", api.MyConsents.as_view(), name="api_consents"),
    path("me/consents/history/", api.MyConsentHistory.as_view(), name="api_consent_history"),
    path("me/consents/<str:purpose>/", api.MyConsent.as_view(), name="api_consent"),
    path("me/picture/", api.MyPicture.as_view(), name="api_picture"),
    path("me/sessions/", api.Sessions.as_view(), name="api_sessions"),
    path("me/sessions/<int:session_id>/", api.OneSession.as_view(), name="api_session"),
    path("me/exports/", api.Exports.as_view(), name="api_exports"),
    path("me/exports/<int:export_id>/", api.OneExport.as_view(), name="api_own_export"),
    path("me/exports/<int:export_id>/file/", api.ExportFile.as_view(), name="api_export_file"),
    path("me/leaving/", api.Leaving.as_view(), name="api_leaving"),
    path("invitations/", api.Invitations.as_view(), name="api_invitations"),
    path("invitations/<int:invitation_id>/", api.OneInvitation.as_view(), name="api_invitation"),
    path("members/", api.Members.as_view(), name="api_members"),
    path("members/faces/", api.Faces.as_view(), name="api_member_faces"),
    path("members/facets/", api.MemberFacets.as_view(), name="api_member_facets"),
    path("members/<int:member_id>/", api.OneMember.as_view(), name="api_member"),
    path(
        "organisations/facets/",
        api.OrganisationFacets.as_view(),
        name="api_organisation_facets",
    ),
    path("organisations/", api.Organisations.as_view(), name="api_organisations"),
    path(
        "organisations/<int:organisation_id>/",
        api.OneOrganisation.as_view(),
        name="api_organisation",
    ),
    path(
        "organisations/<int:organisation_id>/logo/",
        api.OrganisationLogo.as_view(),
        name="api_organisation_logo",
    ),
    path("sectors/", api.Sectors.as_view(), name="api_sectors"),
    path("organisations/<int:organisation_id>/roles/", api.Roles.as_view(), name="api_roles"),
    path(
        "organisations/<int:organisation_id>/roles/<int:member_id>/",
        api.OneRole.as_view(),
        name="api_role",
    ),
    path("organisations/<int:organisation_id>/acts/", api.Acts.as_view(), name="api_acts"),
    path(
        "organisations/<int:organisation_id>/portfolio/",
        api.Portfolio.as_view(),
        name="api_portfolio",
    ),
    path(
        "organisations/<int:organisation_id>/portfolio/invitations/",
        api.PortfolioInvitations.as_view(),
        name="api_portfolio_invitations",
    ),
    path(
        "organisations/<int:organisation_id>/portfolio/invitations/<int:invitation_id>/",
        api.OnePortfolioInvitation.as_view(),
        name="api_portfolio_invitation",
    ),
    path("accompaniments/", api.Accompaniments.as_view(), name="api_accompaniments"),
    path(
        "accompaniments/<int:accompaniment_id>/confirm/",
        api.ConfirmAccompaniment.as_view(),
        name="api_accompaniment_confirm",
    ),
    path(
        "accompaniments/<int:accompaniment_id>/end/",
        api.EndAccompaniment.as_view(),
        name="api_accompaniment_end",
    ),
]

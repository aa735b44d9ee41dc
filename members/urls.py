"""Addresses of the members app's pages."""

from django.urls import path

from members.pages import (
    accompaniments,
    account,
    arrival,
    consents,
    directory,
    invitations,
    leaving,
    organisations,
    profiles,
    roles,
    security,
    staff,
)

app_name = "members"
urlpatterns = [
    path("members/", directory.directory, name="directory"),
    path("members/export.csv", directory.directory_csv, name="directory_csv"),
    path("members/<int:member_id>/", profiles.profile, name="profile"),
    path(
        "members/<int:member_id>/picture/<str:digest>/<int:size>/",
        profiles.picture,
        name="picture",
    ),
    path("members/<int:member_id>/suspend/", staff.suspend, name="suspend"),
    path("members/<int:member_id>/reactivate/", staff.reactivate, name="reactivate"),
    path("organisations/", directory.organisations, name="organisations"),
    path("organisations/export.csv", directory.organisations_csv, name="organisations_csv"),
    path("organisations/new/", organisations.create, name="organisation_create"),
    path("organisations/<int:organisation_id>/", organisations.organisation, name="organisation"),
    path("organisations/<int:organisation_id>/edit/", organisations.edit, name="organisation_edit"),
    path("organisations/<int:organisation_id>/logo/", organisations.logo, name="organisation_logo"),
    path("organisations/<int:organisation_id>/people/", roles.people, name="organisation_people"),
    path("organisations/<int:organisation_id>/people/ask/", roles.ask, name="role_ask"),
    path(
        "organisations/<int:organisation_id>/people/<int:member_id>/",
        roles.decide,
        name="role_decide",
    ),
    path(
        "organisations/<int:organisation_id>/accompaniment/",
        accompaniments.accompaniment,
        name="organisation_accompaniment",
    ),
    path(
        "organisations/<int:organisation_id>/accompaniment/begin/",
        accompaniments.begin,
        name="accompaniment_begin",
    ),
    path(
        "organisations/<int:organisation_id>/portfolio/",
        accompaniments.portfolio,
        name="organisation_portfolio",
    ),
    path(
        "organisations/<int:organisation_id>/portfolio/<int:invitation_id>/withdraw/",
        accompaniments.withdraw,
        name="portfolio_withdraw",
    ),
    path(
        "accompaniments/<int:accompaniment_id>/",
        accompaniments.decide,
        name="accompaniment_decide",
    ),
    path("acting/", accompaniments.act, name="act"),
    path(
        "portfolio/invitation/<str:token>/",
        accompaniments.invitation,
        name="portfolio_invitation",
    ),
    path("staff/roles/", roles.asked, name="staff_roles"),
    path("settings/", profiles.account, name="account"),
    path("settings/languages/", profiles.languages, name="languages"),
    path("settings/picture/", profiles.own_picture, name="own_picture"),
    path("settings/language/", account.set_language, name="set_language"),
    path("settings/consent/", consents.consents, name="consents"),
    path("settings/security/", security.security, name="security"),
    path("settings/security/activity/", security.activity, name="activity"),
    path("settings/security/sessions/", security.sessions, name="sessions"),
    path(
        "settings/security/sessions/others/", security.end_other_sessions, name="end_other_sessions"
    ),
    path("settings/security/sessions/<int:session_id>/", security.end_session, name="end_session"),
    path("settings/data/", leaving.leaving, name="leaving"),
    path("settings/data/stay/", leaving.stay_here, name="stay"),
    path("settings/data/copy/", leaving.export, name="export"),
    path("settings/data/copy/<int:export_id>/", leaving.download, name="download_export"),
    path("restore/<str:token>/", security.restore, name="restore_address"),
    path("settings/tokens/", account.tokens, name="tokens"),
    path("settings/tokens/<int:token_id>/revoke/", account.revoke_own_token, name="revoke_token"),
    path("setup/", arrival.setup, name="setup"),
    path("invitation/<str:token>/", arrival.invitation, name="invitation"),
    path("waiting/", arrival.waiting, name="waiting"),
    path("staff/", staff.site, name="staff_site"),
    path("staff/approvals/", staff.approvals, name="staff_approvals"),
    path("staff/approvals/<int:member_id>/", staff.decide, name="staff_decide"),
    path("staff/invitations/", invitations.invitations, name="staff_invitations"),
    path(
        "staff/invitations/<int:invitation_id>/withdraw/",
        invitations.withdraw,
        name="staff_withdraw",
    ),
    path("staff/suspended/", staff.suspended, name="staff_suspended"),
]

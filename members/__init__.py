"""People and organisations: who has an account, what it says of them, and what they may do.

Owns members, organisations, invitations, the site's own settings (name, logo, languages, way of
registration) and everything between signing up and being suspended. Relies on django-allauth for
e-mail addresses, passwords and sessions, and on `live` to close the sockets of those who lose
access. Apps below know people only as `settings.AUTH_USER_MODEL`.
"""

"""The site's settings with the app that fails on request."""

from server.settings import *  # noqa: F403 - settings are taken over whole
from server.settings import INSTALLED_APPS as OF_THE_SITE

INSTALLED_APPS = [*OF_THE_SITE, "tests.contract.trouble"]

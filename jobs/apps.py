"""The app's place in Django."""

import logging

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    """Imports every app's ``tasks.py``, so that periodic jobs are known to every process."""

    name = "jobs"

    def ready(self) -> None:
        """Find the tasks, and leave the log lines about them to our own worker."""
        logging.getLogger("django_tasks").setLevel(logging.CRITICAL)
        autodiscover_modules("tasks")

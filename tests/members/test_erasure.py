"""Every table's personal columns are covered by what the apps say of export and erasure."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

from base.personal import Outcome, all_holdings

NO_TEXT = (
    models.AutoField,
    models.BooleanField,
    models.DateField,
    models.DecimalField,
    models.DurationField,
    models.FloatField,
    models.IntegerField,
    models.TimeField,
    models.UUIDField,
)


def tables() -> list[type[models.Model]]:
    """Every table of every app, those between two others included."""
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if not model._meta.proxy]


def is_ours(model: type[models.Model]) -> bool:
    """Whether the model's app lies in this repository."""
    folder = Path(model._meta.app_config.path)
    return folder.parent == settings.BASE_DIR and ".venv" not in folder.parts


def is_text(field: models.Field[Any, Any]) -> bool:
    """Whether somebody's words could stand in the column: not in a number or a closed list."""
    return not (field.is_relation or field.choices or isinstance(field, NO_TEXT))


def personal_columns() -> list[str]:
    """Foreign keys to members in all tables, and text columns in ours."""
    found = []
    for model in tables():
        for field in model._meta.concrete_fields:
            points_at_member = field.related_model is apps.get_model(settings.AUTH_USER_MODEL)
            if points_at_member or (is_ours(model) and is_text(field)):
                found.append(f"{model._meta.label}.{field.name}")
    return sorted(found)


def test_every_personal_column_is_covered_once() -> None:
    """Whoever adds a column says in the app's `erasure.py` what becomes of it."""
    covered = Counter(column for holdings in all_holdings() for column in holdings.columns)
    there = Counter(personal_columns())
    missing, superfluous = there - covered, covered - there
    assert "\n".join(sorted(missing)) == "", "in no erasure.py"
    assert "\n".join(sorted(superfluous)) == "", "no such column, or covered twice"


def test_what_is_kept_says_why() -> None:
    fates = {c: fate for holdings in all_holdings() for c, fate in holdings.columns.items()}
    assert [c for c, f in fates.items() if (f.outcome == Outcome.KEPT) != bool(f.reason)] == []


def test_apps_are_erased_from_the_top_layer_down() -> None:
    order = [holdings.name.partition(".")[0] for holdings in all_holdings()]
    labels = [config.label for config in apps.get_app_configs()]
    assert order == sorted(order, key=lambda label: -labels.index(label))

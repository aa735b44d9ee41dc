"""A column that holds others in the form in which words are compared, kept by every save."""

from collections.abc import Iterable
from typing import Any, cast

from django.db import models

from search.words import fold


class FoldedField(models.TextField[str, str]):
    """What other columns of the row say, folded (`search.words.fold`), a line each.

    It is computed whenever the row is inserted or saved; a save of chosen columns must name it
    with its sources, which `widened` does.
    """

    def __init__(self, *args: Any, sources: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.sources = sources
        options: dict[str, Any] = {"editable": False, "db_default": ""} | kwargs
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        """Leave the sources out of migrations: they change nothing in the table."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def get_default(self) -> str:
        """Return what a row has that is not saved yet: a text, as whoever serialises it expects."""
        return ""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: FBT001 - Django's signature
        """Return what is stored, and set it on the row."""
        value = "\n".join(fold(getattr(model_instance, name)) for name in self.sources)
        setattr(model_instance, self.attname, value)
        return value

    def widened(self, update_fields: Any) -> Any:
        """Return the columns that a save names, with this one where it depends on them."""
        if update_fields is None or not set(self.sources) & set(update_fields):
            return update_fields
        return {*update_fields, self.name}


class Folded(models.Model):
    """A row whose column `folded` is kept in step by every save."""

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Save; with a column goes what is folded of it."""
        folded = cast("FoldedField", self._meta.get_field("folded"))
        super().save(*args, update_fields=folded.widened(update_fields), **kwargs)

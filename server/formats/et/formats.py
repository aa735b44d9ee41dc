"""Dates with times in Estonian; without these Django writes them as Americans do."""

DATETIME_FORMAT = "j. F Y, H:i"
SHORT_DATETIME_FORMAT = "d.m.Y H:i"

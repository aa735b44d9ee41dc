"""Partners across borders: who fits whom and why, and what both sides then agree to.

Owns matching profiles, suggestions and their answers, introductions, cooperation requests, groups
of a project and rounds of meetings. Who fits whom is calculated in :mod:`matchmaking.engine`, which
knows nothing of Django.
"""

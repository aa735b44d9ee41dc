"""Real processes, broken on purpose: ``breakages.py`` says what, ``run.py`` how it is judged."""

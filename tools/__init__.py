"""What developers and CI run beside the tests; no part of the running site."""

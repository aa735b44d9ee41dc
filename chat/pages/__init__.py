"""The chat's pages, and the plain forms that work without a script."""

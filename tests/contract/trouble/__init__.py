"""An app for tests alone, with a command that fails as a bug or a lost database does."""

"""What templates of notifications need."""

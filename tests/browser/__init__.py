"""The site as people meet it: Chromium, one real server, members of the demo."""

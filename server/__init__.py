"""Puts the parts together: settings, addresses, shell templates, servers; nothing imports it."""

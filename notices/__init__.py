"""Notifications: one stored list per member, brought by page, mail, push and digest.

Owns the kinds that apps register, the settings that are obeyed everywhere, and delivery.
"""

"""What keeps conversations safe: members who block one another, and reports of content.

Owns blocks and reports with the context at the time; apps register what can be reported.
"""

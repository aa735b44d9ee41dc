"""What every part may use: errors, clock, ids, text, languages, countries, pagination.

A closed list of small modules without tables; nothing here imports another part.
"""

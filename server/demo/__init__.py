"""The demo: the consortium, creative businesses in nine countries, and what they talk about.

The partners are those of the Creative Ports project; the people, the businesses and every word
they write are invented. What is filled in is looked for first, so filling again changes nothing.
"""

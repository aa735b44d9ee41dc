"""What the site says of itself and offers first: front page, home, arrival, results, legal pages.

Owns the texts that the operator writes per language, the partners who run the site, the public
library of results, and how far a member came in the first three minutes. The parts of the front
page and of home and the steps of arrival belong to the apps that know them: they register them
here, from their ``apps.py``, and publish results with :func:`front.actions.publish_result`.
"""

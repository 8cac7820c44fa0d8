"""Ways of counting that are no longer asked, kept while published months name them.

When what is counted of a month changes, ``measuring.REVISION`` rises by one, and the
counting as it was moves here with all that it calls, as ``measuring_<revision>.py``.
"""

"""Revisions of rules that are no longer asked, kept while a history names them.

When a rule's results change, its ``REVISION`` rises by one, and the function as it
was moves here with all that it calls, as ``<rule>_<revision>.py``. The catalog then
names it beside the new one, and its golden results stay as they were released.
"""

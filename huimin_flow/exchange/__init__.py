"""Files to values and values to files, each wrong place named; nothing is decided.

What comes in is read within bounds and never calls the flow: the doors hand its
values on.
"""

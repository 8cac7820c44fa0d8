"""Conversion of files to values and of values to files; nothing is decided here.

Files are read within limits, and each wrong place is named. No code here calls the
flow: the doors pass the values on.
"""

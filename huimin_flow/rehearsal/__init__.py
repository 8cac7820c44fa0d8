"""Rehearsals: the real engine on a database marked so for ever, with given time."""

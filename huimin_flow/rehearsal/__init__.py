"""Rehearsals: the real engine on a database marked as one, with a simulated clock."""

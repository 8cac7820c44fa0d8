"""What every page of the desk stands on: who speaks, sessions, guards, answers."""

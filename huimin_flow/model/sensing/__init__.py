"""Values of appeals, gathering and screening."""

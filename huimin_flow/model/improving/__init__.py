"""Values of improving: advice on running measures, and its mending."""

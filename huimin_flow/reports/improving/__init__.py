"""Pages of improving: advice on running measures, and forecasts."""

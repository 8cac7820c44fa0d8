"""Forms of acts: inputs, what a browser sends back, what would be done."""

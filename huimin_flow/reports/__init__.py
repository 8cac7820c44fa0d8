"""Pages: values are built here, and templates only say them."""

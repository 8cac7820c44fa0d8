"""Pages: values are built here, and templates only show them."""

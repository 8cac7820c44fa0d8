"""Labels of real messages, and what gathering does with them."""

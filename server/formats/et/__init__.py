"""Estonian, of which Django knows the dates and not the times with them."""

"""What people call things: everyday words beside official ones, places by name, and how a text is cut into them."""

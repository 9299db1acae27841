"""The desk of a station or coordinator: publish a shift, change it, call it off."""

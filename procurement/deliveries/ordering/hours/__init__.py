"""When a village can have a service."""

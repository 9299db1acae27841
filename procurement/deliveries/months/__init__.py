"""What is taken of a provider's months: orders never outrun what it can deliver."""

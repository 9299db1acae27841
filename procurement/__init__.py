"""What was bought, accepted, paid and judged."""

"""What there is, and who asks: places, organizations, products, requests."""

"""What managers see and change about the accounts within their reach."""

"""What became of every yuan of a batch after it was sent: confirmed, returned and paid again, or still unanswered."""

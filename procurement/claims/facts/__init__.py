"""What a claim stands on: sign-in times, the case, the receipts, the post, and its line of the bank's file."""

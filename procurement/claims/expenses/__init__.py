"""What somebody spent for the work, with its receipts; judged like any claim."""

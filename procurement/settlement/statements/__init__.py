"""What one payee was paid in a month or a year, with tax and what came back: on a page and on paper."""

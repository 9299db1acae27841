"""Taking an approval back: its payee turned out not to be paid, and nothing was paid yet."""

"""How a bank wants its files: which columns, in which order, under which headings, in which characters."""

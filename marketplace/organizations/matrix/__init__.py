"""Who may provide what, under which paper, by which source, since when: open to everybody."""

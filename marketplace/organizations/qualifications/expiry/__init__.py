"""Before a paper ends: its organization's members are reminded in time, and see it on their workbench."""

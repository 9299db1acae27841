"""Who comes when, at a glance and on paper: a station's week, its notices and posters, an organization's people."""

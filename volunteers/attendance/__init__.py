"""Who came: confirmed by the station, credited as hours where the work was unpaid."""

"""City, district, town, village and their stations."""

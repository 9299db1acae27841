"""Stand-by: people who said beforehand that they would step in, and are called first."""

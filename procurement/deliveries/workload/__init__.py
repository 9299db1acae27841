"""A contract's workload list: every unit with date, place, people, numbers and proofs."""

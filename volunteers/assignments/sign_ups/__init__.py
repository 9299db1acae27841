"""Who goes: eligibility, sign-up and withdrawal, and what happens to them when an assignment changes."""

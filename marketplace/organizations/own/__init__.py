"""A member's pages: apply, see what is missing, state papers, keep the profile."""

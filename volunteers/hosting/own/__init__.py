"""A person's own view: whom they let act for them, and what was done in their name."""

"""A provider nudges whoever holds the money; they answer with words."""

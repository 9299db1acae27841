"""Messages to people: written with the business, delivered afterwards, each once."""

"""Coming every week: a standing sign-up for a pattern's position, seated first when its shifts are made."""

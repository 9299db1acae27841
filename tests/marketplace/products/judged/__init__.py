"""A catalogue that is invented by a seed, and questions with what answers them."""

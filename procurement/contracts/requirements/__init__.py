"""What a contract demands, line by line, as it is judged at acceptance."""

"""Looking a product over before it is submitted: what would be refused, what will be one day, what to look at twice."""

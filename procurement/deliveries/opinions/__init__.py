"""What those who were there say about a delivery: the ratings of its shift, read for acceptance and the product."""

"""What might be meant by what is typed so far: products, providers, places."""

"""What buying tells the catalogue of a product: whether a public body pays for it, and how acceptances rated it."""

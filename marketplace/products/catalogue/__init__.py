"""The public catalogue: what is listed, found by text, category, place, group and provider."""

"""Hours for the national volunteer platform: each record once, each correction as a row of its own."""

"""The reviewer's desk: taking a product up, deciding on it, and what happens to a listing later."""

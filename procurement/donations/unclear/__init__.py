"""Money on the payment service's balance that belongs to no gift of ours: what it is, decided with a reason."""

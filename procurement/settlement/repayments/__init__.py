"""Money that payees give back in cash for deductions that no payment bears."""

"""What a change of tariff would have cost: last period's claims priced again by a draft."""

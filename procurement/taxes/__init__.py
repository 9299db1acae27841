"""Income tax on what people are paid: what is withheld, what is exempt and reported, what goes to the tax office."""

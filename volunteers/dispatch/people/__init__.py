"""Who a plan sends where: the list, its filters, its page and its endpoint."""

"""How an order that was taken becomes an assignment for people, and is known to be delivered."""

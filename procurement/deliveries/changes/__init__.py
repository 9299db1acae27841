"""Another time for an order, proposed by one side and agreed by the other, instead of cancelling and ordering anew."""

"""What work is worth: dated tariff sets and the engine that prices with them."""

"""What a shift pays, told before anybody signs up for it."""

"""What residents say after a shift: stars with one tap, a short thanks, without an account."""

"""The payment service's own books beside ours: what no event told is found there."""

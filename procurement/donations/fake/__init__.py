"""The demonstration's payment service: it behaves as Stripe does and moves no money."""

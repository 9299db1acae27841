"""What a village may order now: the services under contract, its quota, times to choose from."""

"""What proves a delivery: the sign-in sheet, photos, the service log."""

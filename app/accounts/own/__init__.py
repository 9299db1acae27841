"""What people see and change about their own account."""

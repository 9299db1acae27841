"""What one shift brings: the amount, and the day it arrives."""

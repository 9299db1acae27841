"""What a run remembers of itself: why and with which settings it was made, what is proven, how the search went."""

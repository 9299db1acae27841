"""What if: the same week with more people or longer ways, before anybody is asked; published if it helps."""

"""From a budget line to the person served, and back: every figure is the sum of what is below it."""

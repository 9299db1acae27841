"""The chain of approval: who decides up to which amount, who stands in for whom, and every step that was taken."""

"""The claims officer's desk: the queue, what an approval would do, and the decisions."""

"""The waiting list of a full position: a public line, timed offers, and a reason for every exception."""

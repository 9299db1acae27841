"""The operator's view: scheduled work, heartbeat, the audit chain, the state of the whole installation."""

"""Call-outs: when somebody will not come, those who could are asked until one does."""

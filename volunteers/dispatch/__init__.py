"""Dispatch: plan and re-plan who is sent to which community."""

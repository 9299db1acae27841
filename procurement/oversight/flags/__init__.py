"""What asks to be looked at again: computed every night from the records, answered by an auditor's words."""

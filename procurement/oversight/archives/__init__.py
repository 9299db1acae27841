"""The archive of a whole purchase for the auditor: every record and original in one file, with the audit's proof."""

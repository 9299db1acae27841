"""To a volunteer: why this shift, why not me. Of others they learn numbers only."""

"""Who acts for an organization: its owners, its editors, and whom they invite."""

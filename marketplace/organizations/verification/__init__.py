"""An officer's pages: what waits, an organization with its papers, the decision."""

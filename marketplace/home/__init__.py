"""The first page: what there is, where, and how to find it; upper packages add what they know through slots."""

"""The catalogue's yearly editions: proposals from use and ratings, decided by officers, published by a second one."""

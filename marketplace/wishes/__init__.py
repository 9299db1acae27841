"""The wall of wishes: what villages want and nobody lists yet."""

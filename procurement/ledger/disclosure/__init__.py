"""What everybody may see: where the money went, by programme and district."""

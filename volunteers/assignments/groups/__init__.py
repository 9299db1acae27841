"""An organization signs several of its people up at once: all or none, or as many as fit."""

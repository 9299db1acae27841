"""What every page and every endpoint shares; docs/web.md shows a feature's author how to use it."""

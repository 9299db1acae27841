"""The bank's return file read back: each line confirmed or returned, whatever the order, however often it is sent."""

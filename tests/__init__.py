"""Tests read as sentences and mirror the packages."""

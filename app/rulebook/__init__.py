"""Figures of the law as dated rows, each with its document and article, confirmed by an officer."""

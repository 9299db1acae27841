"""The closing file (结项材料包): everything about a contract in one PDF with its contents, all originals in a ZIP."""

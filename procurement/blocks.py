"""What buying's guards answer with; one representation for all packages, under the name that buying knows it by."""

from app.rulebook.blocks import HOUSE_RULE, Block, Blocked, Figure, LawRefusal, Source, house, require

__all__ = ["HOUSE_RULE", "Block", "Blocked", "Figure", "LawRefusal", "Source", "house", "require"]

"""Figures of the law as dated rows, each with its document and article, confirmed by an officer.

``await rule("framework.review", on=day)`` looks one up at the case's own date; a package lists the figures it
needs as ``RULES`` in its wiring.
"""

from app.rulebook.queries import lawbook, rely_on, rule, rules_and_days, rules_on
from app.rulebook.rules import Lawbook, Rule, RuleMissing, RuleNotVerified, RuleSeed
from app.rulebook.service import seed_rules

__all__ = [
    "Lawbook",
    "Rule",
    "RuleMissing",
    "RuleNotVerified",
    "RuleSeed",
    "lawbook",
    "rely_on",
    "rule",
    "rules_and_days",
    "rules_on",
    "seed_rules",
]

"""The pricing core: pure functions over frozen values, Decimal inside, integer fen out.

The model is that of settlement.md of the domain notes ("The tariff model"); every amount comes with a trace.
"""

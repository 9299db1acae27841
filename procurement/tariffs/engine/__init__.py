"""The pricing core: pure functions over frozen values, Decimal inside, integer fen out.

The model is that of ``shared/domain/settlement.md`` ("The tariff model"); every amount comes with a trace.
"""

"""The lines of a contract's requirement; append-only."""

from piccolo.columns import Integer
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB


class RequirementLine(Table, tablename="requirement_line", db=DB):
    """One thing that the contract demands of each unit."""

    id = identity()
    contract_id = required("procurement.contracts.tables.Contract")
    number = Integer()
    kind = words()
    text_zh = words()
    figure = Integer(default=0)

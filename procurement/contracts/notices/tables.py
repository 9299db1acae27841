"""Where a contract was published and its copy filed."""

from piccolo.columns import Date, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB


class ContractNotice(Table, tablename="contract_notice", db=DB):
    """One duty that was done, with its evidence; append-only."""

    id = identity()
    contract_id = required("procurement.contracts.tables.Contract")
    kind = words()
    done_on = Date()
    url = words()
    number = words()
    recorded_by = required("app.accounts.tables.Account")
    recorded_at = Timestamptz()

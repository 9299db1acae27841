"""The table of files on their way in."""

from piccolo.columns import UUID, Boolean, Bytea, Integer, Timestamptz
from piccolo.table import Table

from app.accounts.tables import Account, SubjectKey
from app.core.columns import identity, required, words
from app.core.database import DB


class FileImport(Table, tablename="file_import", db=DB):
    """One file as it was handed in, sealed, with the report on its rows and how far it has come."""

    id = identity()
    public_id = UUID(unique=True)
    kind = words()
    file_name = words()
    account_id = required(Account)
    subject_key_id = required(SubjectKey)
    sheet_sealed = Bytea(null=True, default=None)
    report_sealed = Bytea(null=True, default=None)
    status = words(default="checking")
    only_good = Boolean(default=False)
    row_count = Integer()
    done_count = Integer(default=0)
    good_count = Integer(default=0)
    stored_count = Integer(default=0)
    created_at = Timestamptz(default=None)
    finished_at = Timestamptz(null=True, default=None)

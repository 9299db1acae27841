"""What people changed in plans by hand."""

from piccolo.columns import UUID, ForeignKey, Integer, LazyTableReference, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB
from volunteers.assignments.tables import Position
from volunteers.dispatch.tables import DispatchRun
from volunteers.people.tables import Person


class DispatchMove(Table, tablename="dispatch_move", db=DB):
    """One change of a plan, with who, when and why; never changed itself."""

    id = identity()
    public_id = UUID(unique=True)
    run_id = required(DispatchRun)
    number = Integer()
    kind = words()
    undoes_id = ForeignKey(
        LazyTableReference("DispatchMove", app_name="volunteers"),
        default=None,
        on_delete=OnDelete.restrict,
        unique=True,
    )
    reason = Text()
    moved_by = required(LazyTableReference("Account", app_name="app"))
    moved_at = Timestamptz()


class DispatchMoveSeat(Table, tablename="dispatch_move_seat", db=DB):
    """A seat that a move gave to somebody or took from them."""

    id = identity()
    move_id = required(DispatchMove)
    position_id = required(Position)
    person_id = required(Person)
    does = words()

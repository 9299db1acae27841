"""Which people came as a group."""

from piccolo.columns import UUID, Boolean, Integer, LazyTableReference, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required
from app.core.database import DB
from volunteers.assignments.sign_ups.tables import SignUp
from volunteers.assignments.tables import Assignment


class GroupSignUp(Table, tablename="group_sign_up", db=DB):
    """One act of an organization: how many people it named, and whether all of them or none."""

    id = identity()
    public_id = UUID(unique=True)
    organization_id = required(LazyTableReference("Organization", app_name="marketplace"))
    assignment_id = required(Assignment)
    all_or_none = Boolean()
    wanted = Integer()
    created_by = required(LazyTableReference("Account", app_name="app"))
    created_at = Timestamptz(default=None)


class GroupMember(Table, tablename="group_member", db=DB):
    """One of its people, by their seat."""

    id = identity()
    group_id = required(GroupSignUp)
    sign_up_id = required(SignUp)

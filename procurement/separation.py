"""Separation of duties: who handles a purchase neither approves nor accepts it, and nobody moves money alone.

政府采购法 第61条 separates who handles a purchase from who checks its contract and its acceptance; where only money
moves, the house asks for the same.
"""

from app.core.errors import SamePersonRefused
from app.core.text import N_
from procurement.blocks import LawRefusal, Source, house

SEPARATION = Source("政府采购法", "第61条")
TWO_PEOPLE = house(N_("不相容岗位分离"))
SAME = N_("同一个人")


class OnePerson(LawRefusal, SamePersonRefused):
    """One person would take two steps of a purchase that the law separates."""

    code, status = "same_person", 409
    source = SEPARATION
    reason = N_("这一步必须由另一个人来做（不相容岗位分离）。")
    compared, remedy = SAME, N_("请由另一位有权限的人办理。")


class OnePersonOnMoney(OnePerson):
    """One person would both ask for money and let it go."""

    source = TWO_PEOPLE

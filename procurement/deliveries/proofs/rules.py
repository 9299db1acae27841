"""What proves a unit: which kinds its rule asks for, what is missing, and who brings it.

政府采购法实施条例 第72条 and 财政部令第110号 第36条: a list of the work done, with a proof of each unit.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.core.errors import DomainError
from app.core.text import N_, Message
from procurement.blocks import Block, LawRefusal, Source, house
from procurement.deliveries.rules import OrderStatus
from procurement.frameworks.rules import FRAMEWORK_RULES

WORKLOAD, PROOFS = Source(FRAMEWORK_RULES, "第36条"), house(N_("凭证"))
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
PDF = "application/pdf"
MOST_FILES = 20
"""Files of one order; more prove nothing that twenty do not."""


class ProofKind(StrEnum):
    """A kind of proof."""

    SIGN_IN_SHEET = "sign_in_sheet"
    PHOTO = "photo"
    LOG = "log"


KIND_NAMES: Mapping[ProofKind, str] = {
    ProofKind.SIGN_IN_SHEET: N_("群众签到表"),
    ProofKind.PHOTO: N_("现场照片"),
    ProofKind.LOG: N_("服务记录"),
}
MEDIA: Mapping[ProofKind, frozenset[str]] = {
    ProofKind.SIGN_IN_SHEET: PICTURES | {PDF},
    ProofKind.PHOTO: PICTURES,
}
TAKES_PROOFS = frozenset({OrderStatus.SCHEDULED, OrderStatus.DELIVERED})


class ProofsClosed(LawRefusal):
    """Nobody adds to what was judged, nor to what was never delivered."""

    code, status = "proofs_closed", 409
    source, compared = PROOFS, N_("不在交凭证的时候")
    reason, remedy = N_("这一单现在不收凭证。"), N_("服务之后、验收之前可以交。")


class NotYetServed(LawRefusal):
    """A proof of something that has not begun."""

    code, status = "not_yet_served", 409
    source, compared = PROOFS, N_("还没有开始")
    reason, remedy = N_("服务还没有开始。"), N_("开始以后再交凭证。")


class ProofHandedIn(DomainError):
    """The same file twice."""

    code, status, message = "proof_handed_in", 409, N_("这个文件已经交过了。")


class ProofKindRefused(DomainError):
    """A file that cannot be a proof of its kind."""

    code, status = "proof_kind_refused", 415
    message = N_("现场照片只收 JPEG、PNG、WebP；签到表也可以是 PDF。")


class PictureBroken(DomainError):
    """A picture that ends in the middle."""

    code, status, message = "picture_broken", 422, N_("图片不完整，请重新拍摄或重新选择。")


class EnoughProofs(DomainError):
    """More files than anybody looks at."""

    code, status, message = "enough_proofs", 409, N_("一单最多 20 个文件。")


class NoFiles(DomainError):
    """Nothing was chosen."""

    code, status, message = "no_files", 422, N_("请选择照片或文件。")


@dataclass(frozen=True, slots=True)
class Need:
    """How many proofs of a kind the rule asks for, and how many there are."""

    kind: ProofKind
    needed: int
    present: int

    @property
    def missing(self) -> int:
        """Return how many are still to come."""
        return max(0, self.needed - self.present)


@dataclass(frozen=True, slots=True)
class LogEntry:
    """What was talked about, with how many, what was asked, what follows."""

    topic_zh: str
    people: int
    asked_zh: str
    follow_up_zh: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """When and where a proof was taken, as whoever hands it in states it."""

    taken_at: datetime
    taken_where: str


def proof_blocks(needs: Iterable[Need]) -> list[Block]:
    """Name each kind that is missing, and who brings it."""
    return [
        Block(
            f"proof_missing_{need.kind.value}",
            WORKLOAD,
            Message(N_("还缺%(kind)s。"), {"kind": Message(KIND_NAMES[need.kind])}),
            Message(N_("请服务机构或站点上传，交齐以后才能验收。")),
            f"{need.present}/{need.needed}",
        )
        for need in needs
        if need.missing
    ]


def log_faults(entry: LogEntry) -> dict[str, Message]:
    """Say which part of a service log is missing, by field."""
    fields = {}
    if not entry.topic_zh.strip():
        fields["topic_zh"] = Message(N_("请写明讲了什么、办了什么。"))
    if not 1 <= entry.people <= 10_000:
        fields["people"] = Message(N_("请填写到场人数。"))
    if not entry.asked_zh.strip():
        fields["asked_zh"] = Message(N_("请写明群众问了什么；没有人提问就写“无”。"))
    return fields


def moment_faults(moment: Moment, starts: datetime, now: datetime) -> dict[str, Message]:
    """Say what is wrong with when and where; a picture of the service is not older than its day."""
    fields = {}
    if not moment.taken_where.strip():
        fields["taken_where"] = Message(N_("请写明在哪里拍的。"))
    if moment.taken_at > now:
        fields["taken_at"] = Message(N_("拍摄时间还没有到。"))
    elif moment.taken_at.date() < starts.date():
        fields["taken_at"] = Message(N_("拍摄时间早于服务当天。"))
    return fields

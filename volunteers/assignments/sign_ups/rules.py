"""The life of a sign-up, and the reasons for which one is refused."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import reduce

from app.core.errors import DomainError
from app.core.text import N_, Message, Words


class SignUpStatus(StrEnum):
    """Offered, confirmed and checked in hold a seat; so does what was completed."""

    OFFERED = "offered"
    CONFIRMED = "confirmed"
    CHECKED_IN = "checked_in"
    COMPLETED = "completed"
    ABSENT = "absent"
    WITHDRAWN = "withdrawn"
    RELEASED = "released"


class SignUpEvent(StrEnum):
    """The person accepts or withdraws, the house releases, the station says who came."""

    ACCEPT = "accept"
    WITHDRAW = "withdraw"
    RELEASE = "release"
    CHECK_IN = "check_in"
    ATTEND = "attend"
    MISS = "miss"


TRANSITIONS: dict[tuple[SignUpStatus, SignUpEvent], SignUpStatus] = {
    (SignUpStatus.OFFERED, SignUpEvent.ACCEPT): SignUpStatus.CONFIRMED,
    (SignUpStatus.OFFERED, SignUpEvent.WITHDRAW): SignUpStatus.WITHDRAWN,
    (SignUpStatus.OFFERED, SignUpEvent.RELEASE): SignUpStatus.RELEASED,
    (SignUpStatus.CONFIRMED, SignUpEvent.CHECK_IN): SignUpStatus.CHECKED_IN,
    (SignUpStatus.CONFIRMED, SignUpEvent.WITHDRAW): SignUpStatus.WITHDRAWN,
    (SignUpStatus.CONFIRMED, SignUpEvent.RELEASE): SignUpStatus.RELEASED,
    (SignUpStatus.CONFIRMED, SignUpEvent.ATTEND): SignUpStatus.COMPLETED,
    (SignUpStatus.CONFIRMED, SignUpEvent.MISS): SignUpStatus.ABSENT,
    (SignUpStatus.CHECKED_IN, SignUpEvent.ATTEND): SignUpStatus.COMPLETED,
    (SignUpStatus.CHECKED_IN, SignUpEvent.MISS): SignUpStatus.ABSENT,
}

UPCOMING = (SignUpStatus.OFFERED, SignUpStatus.CONFIRMED, SignUpStatus.CHECKED_IN)
"""Live and not yet judged."""

STATUS_NAMES: Mapping[SignUpStatus, str] = {
    SignUpStatus.OFFERED: N_("待接受"),
    SignUpStatus.CONFIRMED: N_("已报名"),
    SignUpStatus.CHECKED_IN: N_("已签到"),
    SignUpStatus.COMPLETED: N_("已完成"),
    SignUpStatus.ABSENT: N_("未到场"),
    SignUpStatus.WITHDRAWN: N_("已退出"),
    SignUpStatus.RELEASED: N_("已撤下"),
}


class Origin(StrEnum):
    """By whose hand a sign-up came about."""

    SELF = "self"
    DISPATCH = "dispatch"
    IMPORT = "import"
    CHOSEN = "chosen"
    EXCHANGE = "exchange"
    OVER_QUOTA = "over_quota"
    STANDING = "standing"
    GROUP = "group"
    HOST = "host"
    COMPANIONS = "companions"


OWN_CHOICE = frozenset({Origin.SELF, Origin.EXCHANGE, Origin.GROUP, Origin.HOST, Origin.COMPANIONS})
"""Who took the seat: the person, alone or with friends, a colleague, their organization or host.

The station's own choice binds them.
"""


class EndedReason(StrEnum):
    """Why a seat was given back before the day."""

    OWN_WISH = "own_wish"
    CANCELLED = "cancelled"
    RESCHEDULED = "rescheduled"
    CAPACITY_CUT = "capacity_cut"
    CREDENTIAL = "credential"
    RECUSAL = "recusal"
    LEFT = "left"
    OFFER_EXPIRED = "offer_expired"
    TRAINING = "training"
    SUBSTITUTED = "substituted"
    SWAPPED = "swapped"


ENDED_NAMES: Mapping[EndedReason, str] = {
    EndedReason.OWN_WISH: N_("本人退出"),
    EndedReason.CANCELLED: N_("任务取消"),
    EndedReason.RESCHEDULED: N_("任务改期"),
    EndedReason.CAPACITY_CUT: N_("名额减少"),
    EndedReason.CREDENTIAL: N_("证件届时无效"),
    EndedReason.RECUSAL: N_("回避"),
    EndedReason.LEFT: N_("已不再参加"),
    EndedReason.OFFER_EXPIRED: N_("没有在时限内答复"),
    EndedReason.TRAINING: N_("所需培训无效"),
    EndedReason.SUBSTITUTED: N_("由别人替班"),
    EndedReason.SWAPPED: N_("和别人换班"),
}


class Reason(StrEnum):
    """Why not me. Codes shared with the dispatch engine's refusals where they mean the same."""

    NOT_OPEN = "not_open"
    STARTED = "started"
    NOT_ACTIVE = "not_active"
    ALREADY_SIGNED_UP = "already_signed_up"
    CREDENTIAL = "credential"
    TRAINING = "training"
    SKILL = "skill"
    LANGUAGE = "language"
    GENDER = "gender"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    ELSEWHERE = "elsewhere"
    TRAVEL_AND_REST = "travel_and_rest"
    DAY_LIMIT = "day_limit"
    WEEK_LIMIT = "week_limit"
    SHIFT_LIMIT = "shift_limit"
    SEATS_TAKEN = "seats_taken"
    ASK_FIRST = "ask_first"
    REQUEST_ONLY = "request_only"
    NO_SHOWS = "no_shows"
    REGULARS_FIRST = "regulars_first"


class Hint(StrEnum):
    """What a person should know before signing up, without being kept from it."""

    DISTANCE = "distance"
    AWAY = "away"
    AVAILABILITY = "availability"
    OTHER_KIND = "other_kind"


HINT_NAMES: Mapping[Hint, str] = {
    Hint.DISTANCE: N_("比你愿意去的距离远"),
    Hint.AWAY: N_("你登记了这段时间不在"),
    Hint.AVAILABILITY: N_("不在你填的空闲时间内"),
    Hint.OTHER_KIND: N_("不是你偏好的任务类型"),
}


class SignUpRefused(DomainError):
    """The seat is not for this person now; ``reasons`` holds every reason, the first one names the error."""

    code, status, message = "sign_up_refused", 409, N_("这次没有报上。请看列出的原因，或换一个班次。")

    def __init__(self, reasons: Sequence[Message] = (), fields: dict[str, Message] | None = None) -> None:
        """Keep all reasons; a violated constraint brings none but the error's own text."""
        super().__init__(fields)
        self.reasons = tuple(reasons) or (Message(self.message),)


class ShiftIsFull(SignUpRefused):
    """Somebody was faster."""

    code, message = "shift_is_full", N_("名额刚刚报满了。请换一个岗位或班次。")


class AlreadySignedUp(SignUpRefused):
    """One person takes one seat of an assignment."""

    code, message = "already_signed_up", N_("你已经报了这个任务，不用再报。")


class ElsewhereAtThatTime(SignUpRefused):
    """Nobody is in two places at once."""

    code, message = "elsewhere_at_that_time", N_("这段时间你已有别的任务。要改报这个，请先退出那一个。")


class NoTimeForTravel(SignUpRefused):
    """The neighbouring assignment leaves no time to get there or to rest."""

    code = "no_time_for_travel"
    message = N_("和你前后的任务之间来不及赶路，或隔夜休息不足。请换一个时间。")


class CredentialMissing(SignUpRefused):
    """The seat asks for a credential that is verified and valid on the day."""

    code = "credential_missing"
    message = N_("这个岗位要求的证件，你没有、还没核验，或届时已过期。请在“我的资料”里补充。")


class TrainingMissing(SignUpRefused):
    """The seat asks for trainings that count on the day."""

    code = "training_missing"
    message = N_("这个岗位要先完成培训，你没有完成，或届时已过有效期。请在“培训”里看怎么参加。")


class RecusedFromParty(SignUpRefused):
    """A tie to a party keeps the person away from the matter."""

    code, message = "recused_from_party", N_("你与当事人有关系，依法应当回避，不能参加这个任务。")


class AskFirst(SignUpRefused):
    """The station chooses who comes."""

    code, message = "ask_first", N_("这个任务由站点选人。请先申请，选上了会通知你。")


class AfterNoShows(SignUpRefused):
    """The person did not come to what they signed up for, more often than the rule has it."""

    code, message = "after_no_shows", N_("你近来几次报了名没有到场，现在不能这样报名。请看“未到场记录”。")


class RegularsFirst(SignUpRefused):
    """The station's regulars have a head start."""

    code, message = "regulars_first", N_("这个任务先请常来的人报名，还没有对所有人开放。请过些时候再来。")


class NotOpenForSignUp(SignUpRefused):
    """The assignment is cancelled, closed or a draft."""

    code, message = "not_open_for_sign_up", N_("这个任务现在不接受报名。")


CONSTRAINTS: Mapping[str, type[DomainError]] = {
    "position_capacity": ShiftIsFull,
    "sign_up_once": AlreadySignedUp,
    "sign_up_one_place": ElsewhereAtThatTime,
    "sign_up_travel_and_rest": NoTimeForTravel,
    "sign_up_credential": CredentialMissing,
    "sign_up_training": TrainingMissing,
    "sign_up_recusal": RecusedFromParty,
    "sign_up_open": NotOpenForSignUp,
    "sign_up_is_asked_for": AskFirst,
    "sign_up_after_no_shows": AfterNoShows,
    "sign_up_regulars_first": RegularsFirst,
}
"""The database's own refusals, for whoever comes past the rules."""

_ERRORS: Mapping[Reason, type[SignUpRefused]] = {
    Reason.NOT_OPEN: NotOpenForSignUp,
    Reason.STARTED: NotOpenForSignUp,
    Reason.SEATS_TAKEN: ShiftIsFull,
    Reason.ALREADY_SIGNED_UP: AlreadySignedUp,
    Reason.ELSEWHERE: ElsewhereAtThatTime,
    Reason.TRAVEL_AND_REST: NoTimeForTravel,
    Reason.CREDENTIAL: CredentialMissing,
    Reason.TRAINING: TrainingMissing,
    Reason.CONFLICT_OF_INTEREST: RecusedFromParty,
    Reason.ASK_FIRST: AskFirst,
    Reason.REQUEST_ONLY: AfterNoShows,
    Reason.NO_SHOWS: AfterNoShows,
    Reason.REGULARS_FIRST: RegularsFirst,
}


def refused(reasons: Mapping[Reason, Message]) -> SignUpRefused:
    """Return the error named after the first reason, carrying all of them, by code too for programs."""
    fields = {reason.value: message for reason, message in reasons.items()}
    return _ERRORS.get(next(iter(reasons)), SignUpRefused)(tuple(reasons.values()), fields)


def listed(names: Iterable[str]) -> Message:
    """Join translatable names into one message, so that each is still translated."""
    return _joined(Message(name) for name in names)


def listed_titles(titles: Iterable[tuple[str, str]]) -> Message:
    """Join titles in two languages into one message; English falls back to Chinese."""
    return _joined(Message("%(words)s", {"words": Words(zh, en)}) for zh, en in titles)


def _joined(messages: Iterable[Message]) -> Message:
    return reduce(lambda done, name: Message(N_("%(done)s、%(name)s"), {"done": done, "name": name}), messages)

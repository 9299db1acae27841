"""What a reminder says; when one is due is asked of the database (service.py), for a whole city at once."""

from dataclasses import dataclass

from app.core.text import N_, Message

REMINDED = N_("提醒：%(when)s“%(title)s”，到%(where)s，找%(whom)s。来不了请马上退出，名额好让给别人。")
REMINDED_SMS = N_("提醒：%(when)s“%(title)s”，到%(where)s，找%(whom)s。签到码和须知：%(link)s，来不了请马上退出。")


@dataclass(frozen=True, slots=True)
class Shift:
    """Where one goes and whom one meets, in the language of who is reminded."""

    place: str
    station: str
    meeting_point: str = ""
    contact_name: str = ""
    contact_phone: str = ""


def where(shift: Shift) -> Message:
    """Say where to go: the meeting point if there is one, else the station."""
    if shift.meeting_point:
        return Message("%(place)s %(point)s", {"place": shift.place, "point": shift.meeting_point})
    return Message(N_("%(place)s（%(station)s）"), {"place": shift.place, "station": shift.station})


def whom(shift: Shift) -> Message:
    """Say whom to meet: the named contact, else whoever is at the station."""
    if shift.contact_name and shift.contact_phone:
        return Message("%(name)s %(phone)s", {"name": shift.contact_name, "phone": shift.contact_phone})
    if shift.contact_name:
        return Message("%(name)s", {"name": shift.contact_name})
    return Message(N_("站点工作人员"))

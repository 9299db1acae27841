"""A second judge of plans, written from the description of the formats alone: plain JSON in, nothing of the engine.

Two readings of one text that agree on every plan leave little room for a mistake that both would have to share.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import Any

Json = dict[str, Any]
MINUTES_PER_DAY = 1440


@dataclass(frozen=True)
class Verdict:
    """The numbers of the hard rules that a plan breaks (0: a row that names something unknown), and its vector."""

    broken: frozenset[int]
    vector: tuple[int, int, int, int, int, int]


def judge(instance: Json, plan: Json) -> Verdict:
    """Judge a plan for a sound instance; rows that name something unknown are left out of the vector."""
    return _Judge(instance).verdict(plan)


class _Judge:
    def __init__(self, instance: Json) -> None:
        self.instance = instance
        self.rules = instance["rules"]
        self.places = {place["id"]: place for place in instance["places"]}
        self.people = {person["id"]: person for person in instance["volunteers"]}
        self.shifts = {shift["id"]: shift for shift in instance["shifts"]}
        self.seats = {(s["id"], p["id"]): p for s in instance["shifts"] for p in s["positions"]}
        self.pinned = {(row["shift"], row["position"], row["volunteer"]) for row in instance.get("pinned", ())}
        self.absences: dict[str, list[Json]] = defaultdict(list)
        for one in instance.get("cancelled", ()):
            self.absences[one["volunteer"]].append(self.shifts[one["shift"]])

    def verdict(self, plan: Json) -> Verdict:
        rows = [(row["shift"], row["position"], row["volunteer"]) for row in plan["assignments"]]
        known = [row for row in rows if row[:2] in self.seats and row[2] in self.people]
        broken = {0} if len(known) < len(rows) or plan["instance"] != self.instance["name"] else set()
        for shift, seat, who in known:
            broken |= self._personal(self.people[who], self.shifts[shift], self.seats[shift, seat])
        broken |= self._together(known) | self._seating(known)
        return Verdict(frozenset(broken), self._vector(known))

    def _personal(self, person: Json, shift: Json, seat: Json) -> set[int]:
        """Rules 1-5 and 11: one person on one seat."""
        day = shift["end"] // MINUTES_PER_DAY
        wanted, place = seat.get("credentials_any") or [], self.places[shift["place"]]
        allowed = {
            1: any(begin <= shift["start"] and shift["end"] <= end for begin, end in person["available"]),
            2: not wanted
            or any(
                held["type"] in wanted and held["verified"] and (held.get("expires") is None or held["expires"] >= day)
                for held in person["credentials"]
            ),
            3: set(seat.get("skills_all") or []) <= set(person["skills"])
            and set(seat.get("languages_all") or []) <= set(person["languages"])
            and seat.get("gender") in (None, person["gender"]),
            4: not set(shift.get("parties") or []) & set(person.get("conflict_parties") or []),
            5: self._metres(person, place) <= person["max_travel_m"],
            11: not self._is_away(person, shift),
        }
        return {rule for rule, kept in allowed.items() if not kept}

    def _is_away(self, person: Json, shift: Json) -> bool:
        absent = self.absences.get(person["id"], ())
        return any(one["start"] < shift["end"] and shift["start"] < one["end"] for one in absent)

    def _together(self, rows: list[tuple[str, str, str]]) -> set[int]:
        """Rules 6 and 7: all that one person does in the week."""
        theirs: dict[str, list[Json]] = defaultdict(list)
        for shift, _, who in rows:
            theirs[who].append(self.shifts[shift])
        broken = set()
        for who, shifts in theirs.items():
            person, in_turn = self.people[who], sorted(shifts, key=lambda shift: (shift["start"], shift["id"]))
            if any(not self._one_after_the_other(a, b) for a, b in combinations(in_turn, 2)):
                broken.add(6)
            by_day: Counter[int] = Counter()
            for shift in shifts:
                by_day[shift["start"] // MINUTES_PER_DAY] += shift["end"] - shift["start"]
            if (
                max(by_day.values()) > person["max_minutes_day"]
                or sum(by_day.values()) > person["max_minutes_week"]
                or len(shifts) > person["max_shifts_week"]
            ):
                broken.add(7)
        return broken

    def _one_after_the_other(self, a: Json, b: Json) -> bool:
        if a["id"] == b["id"]:
            return False
        pause = b["start"] - a["end"]
        nights = a["start"] // MINUTES_PER_DAY != b["start"] // MINUTES_PER_DAY
        return bool(pause >= self._travel(a, b) and (not nights or pause >= self.rules["min_rest_minutes"]))

    def _travel(self, a: Json, b: Json) -> int:
        if a["place"] == b["place"]:
            return 0
        metres, speed = (
            self._metres(self.places[a["place"]], self.places[b["place"]]),
            self.rules["travel_speed_m_per_min"],
        )
        return int(self.rules["travel_setup_min"] + (metres + speed - 1) // speed)

    def _seating(self, rows: list[tuple[str, str, str]]) -> set[int]:
        """Rules 8-10: how many there are on each seat, and whether somebody comes in vain."""
        number = Counter(row[:2] for row in rows)
        broken = {8} if any(count > self.seats[seat]["max"] for seat, count in number.items()) else set()
        if any(row not in self.pinned and not self._held(self.shifts[row[0]], number) for row in rows):
            broken.add(9)
        there = set(rows)
        for row in self.pinned:
            if row not in there and not self._is_away(self.people[row[2]], self.shifts[row[0]]):
                broken.add(10)
        return broken

    def _held(self, shift: Json, number: Counter[tuple[str, ...]]) -> bool:
        return all(number[shift["id"], seat["id"]] >= seat["min"] for seat in shift["positions"])

    def _vector(self, rows: list[tuple[str, str, str]]) -> tuple[int, int, int, int, int, int]:
        number = Counter(row[:2] for row in rows)
        unheld = [shift for shift in self.shifts.values() if not self._held(shift, number)]
        green = sum(shift["green"] for shift in unheld)
        short = sum(self.places[shift["place"]]["shortage"] for shift in unheld)
        empty = sum(seat["max"] for seat in self.seats.values()) - len(rows)
        return green, short, len(unheld), empty, self._changes(rows), self._burden(rows)

    def _changes(self, rows: list[tuple[str, str, str]]) -> int:
        there = {(shift, who) for shift, _, who in rows}
        gone = [row for row in self.instance.get("previous", ()) if (row["shift"], row["volunteer"]) not in there]
        return sum(
            not self._personal(
                self.people[row["volunteer"]], self.shifts[row["shift"]], self.seats[row["shift"], row["position"]]
            )
            for row in gone
        )

    def _burden(self, rows: list[tuple[str, str, str]]) -> int:
        weights, burden = self.rules["weights"], 0
        for name, _, who in rows:
            shift, person = self.shifts[name], self.people[who]
            kinds = person.get("preferred_kinds") or []
            if kinds and shift["kind"] not in kinds:
                burden += weights["preference"]
            if shift["continuity"] and shift["place"] not in (person.get("familiar_places") or []):
                burden += weights["continuity"]
            burden += weights["km"] * (self._metres(person, self.places[shift["place"]]) // 1000)
        for who, sent in Counter(row[2] for row in rows).items():
            recent = self.people[who].get("recent_shifts", 0)
            burden += weights["fairness"] * ((recent + sent) ** 2 - recent**2)
        return int(burden)

    @staticmethod
    def _metres(one: Json, other: Json) -> int:
        return int(abs(one["x"] - other["x"]) + abs(one["y"] - other["y"]))

"""The reference model of the warm handover: what the table says, without a database.

`Model` is the protocol as it was designed; `Case` adds what the real actions have around it.

The states were walked to a fixpoint when the protocol was designed (three teams, three
handovers: 2,752 states, 20,608 moves, no violation). Here it is the oracle of the tests;
test_protocol.py walks it to the same numbers.
"""

from collections import Counter
from collections.abc import Hashable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta

OPEN = ("offered", "accepted")


@dataclass
class Slip:
    """One open handover of the model. `clock` is 0 until somebody was reminded."""

    number: int
    state: str
    sender: str
    receiver: str
    clock: int = 0


@dataclass
class Model:
    """One question between teams."""

    owner: str
    is_live: bool = True
    is_new: bool = True  # nobody began yet; asks nothing of the other moves
    slip: Slip | None = None
    grounds: set[str] = field(default_factory=set)
    unstaffed: set[str] = field(default_factory=set)
    count: int = 0
    sent: set[tuple[int, str, str]] = field(default_factory=set)

    def may(self, move: str, team: str = "") -> bool:
        """Tell whether a move may be made now."""
        slip = self.slip
        if move == "offer":
            return self.is_live and slip is None and team != self.owner and team in self.grounds
        if move == "reopen":
            return not self.is_live
        if move == "close":
            return self.is_live and slip is None
        if slip is None:
            return False
        if move in ("accept", "decline", "meet") and slip.receiver in self.unstaffed:
            return False
        if move == "meet":
            return slip.state == "accepted" and slip.receiver in self.grounds
        if move == "accept":
            return slip.state == "offered" and slip.receiver in self.grounds
        states = {"decline": "offered", "give-back": "accepted"}
        return slip.state == states.get(move, slip.state)

    def moves(self, teams: str, *, most: int) -> Iterator[tuple[str, str]]:
        """Return what may happen now with at most so many handovers: (move, team)."""
        if not self.is_live:
            yield "reopen", ""
            return
        if self.is_new:
            yield "start", ""
        for team in teams:
            if self.count < most and self.may("offer", team):
                yield "offer", team
            if team != self.owner:
                yield ("forbid" if team in self.grounds else "allow"), team
            yield ("staffed" if team in self.unstaffed else "unstaffed"), team
        for move in ("accept", "decline", "meet", "give-back", "withdraw", "tick", "close"):
            if self.may(move):
                yield move, ""

    def after(self, move: str, team: str = "") -> "Model":
        """Return the model after a move; what was said before is not kept, for it grows."""
        new = deepcopy(self)
        new.sent.clear()
        ends = {"decline": "declined", "meet": "handed-over", "give-back": "returned",
                "withdraw": "withdrawn"}  # fmt: skip
        match move:
            case "start":
                new.is_new = False
            case "reopen":
                new.is_live, new.is_new = True, False
            case "allow":
                new.grounds.add(team)
            case "unstaffed":
                new.unstaffed.add(team)
            case "staffed":
                new.unstaffed.discard(team)
            case "offer" | "forbid":
                getattr(new, move)(team)
            case "accept" | "tick" | "close":
                getattr(new, move)()
            case _:
                new.end(ends[move])
        return new

    def key(self) -> Hashable:
        """Return what makes this state another than the next."""
        slip = self.slip
        at = slip and (slip.number, slip.state, slip.sender, slip.receiver, slip.clock)
        began = self.is_live and self.is_new
        sets = frozenset(self.grounds), frozenset(self.unstaffed)
        return self.owner, self.is_live, began, at, *sets, self.count

    def offer(self, team: str) -> None:
        """Offer to a team."""
        self.count += 1
        self.slip = Slip(self.count, "offered", self.owner, team)
        self._say(self.count, team, "offered")

    def accept(self) -> None:
        """Accept: the clock starts anew, the owner stays."""
        assert self.slip
        self.slip.state, self.slip.clock = "accepted", 0
        self._say(self.slip.number, self.slip.sender, "accepted")

    def end(self, word: str) -> None:
        """End the open handover; only a first contact moves the question."""
        assert self.slip
        slip, self.slip = self.slip, None
        if word == "handed-over":
            self.owner = slip.receiver
        told = slip.receiver if word == "withdrawn" else slip.sender
        self._say(slip.number, told, word)

    def tick(self) -> str:
        """Let time pass: first a reminder, then the end; return what happened."""
        assert self.slip
        slip = self.slip
        if slip.clock == 0:
            slip.clock = 1
            word = "reminded" if slip.state == "offered" else "contact-reminded"
            self._say(slip.number, slip.receiver, word)
            return word
        word = "expired" if slip.state == "offered" else "contact-expired"
        self.end(word)
        return word

    def close(self) -> None:
        """Close the question; what was said to be shared for it ends too."""
        self.is_live = False
        self.grounds.clear()

    def forbid(self, team: str) -> None:
        """Take a ground away, and with it what rests on it."""
        self.grounds.discard(team)
        if self.slip and self.slip.receiver == team:
            self.end("withdrawn")

    def readers(self) -> set[str]:
        """Return the teams that may read the story now."""
        if not self.is_live:
            return set()
        found = {self.owner}
        if self.slip and self.slip.receiver in self.grounds:
            found.add(self.slip.receiver)
        return found

    def _say(self, number: int, team: str, word: str) -> None:
        key = (number, team, word)
        assert key not in self.sent, key
        self.sent.add(key)


WEEKS = timedelta(weeks=6)  # until the result is asked, and as long a question opens again
STEPS = ("next-step", "reopened")  # done by the next step
ME = "me"  # the resident; "A*" is who coordinates team A


@dataclass
class Taken:
    """A handover by which the receiver became the owner."""

    number: int
    sender: str
    receiver: str
    report_on: date
    is_told: bool = False
    is_asked: bool = False
    is_disputed: bool = False


@dataclass
class Case(Model):
    """One question, with what happens around a handover: how the question stands, its tasks, who
    heard what, the talk of three, the result afterwards, and what the resident says of it.
    """

    state: str = "new"
    left: str = ""
    ended_on: date | None = None
    tasks: Counter[str] = field(default_factory=Counter)  # all of them the owner's
    declined: int = 0
    taken: list[Taken] = field(default_factory=list)
    disputes: set[int] = field(default_factory=set)  # that nobody answered yet
    talk: int = 0  # the planned one; 0: none
    talks: int = 0

    def may(self, move: str, team: str = "") -> bool:
        """Tell whether a move may be made now, also by whom is there."""
        if move == "offer" and team in self.unstaffed:
            return False
        if move == "close" and self.disputes:
            return False
        if move == "plan":
            return bool(self.slip and self.slip.state == "accepted" and not self.talk)
        return super().may(move, team)

    def may_report(self, one: Taken) -> bool:
        """Tell whether the owner may tell how it went."""
        return one.receiver == self.owner and not one.is_told

    def may_dispute(self, one: Taken) -> bool:
        """Tell whether the resident may say that this talk was not there."""
        return self.is_live and one.receiver == self.owner and not one.is_disputed

    def may_reopen(self, today: date) -> bool:
        """Tell whether the same team may open it again."""
        return self.ended_on is not None and today <= self.ended_on + WEEKS

    def offer(self, team: str) -> None:
        super().offer(team)
        self._step_taken()

    def go_on(self) -> None:
        """Choose the next step."""
        self.state = "running"
        self._step_taken()

    def end(self, word: str, why: str = "owner", today: date | None = None) -> None:
        """End the open handover, and the talk that was still to come."""
        assert self.slip
        slip = self.slip
        if self.talk:
            self.talk_ends("meeting-cancelled")
        super().end(word)
        if word == "handed-over":
            assert today
            self.taken.append(Taken(slip.number, slip.sender, slip.receiver, today + WEEKS))
            self.state = "clarifying"
            self._step_taken()
        elif word == "declined":
            self.declined += 1
            self._came_back(looks=self.declined > 1)
        elif word in ("expired", "contact-expired"):
            self._came_back(looks=True)
        elif word == "returned" or why != "owner":
            self._came_back()
        if word == "withdrawn" and why != "owner":
            self._say(slip.number, slip.sender, word)
        elif word in ("withdrawn", "handed-over"):
            self._say(slip.number, ME, word)

    def forbid(self, team: str) -> None:
        self.grounds.discard(team)
        if self.slip and self.slip.receiver == team:
            self.end("withdrawn", "ground")

    def plan(self) -> None:
        """Plan when three sit together."""
        self.talks += 1
        self.talk = self.talks
        self._of_talk("meeting-planned")

    def talk_ends(self, word: str) -> None:
        """Let the planned talk be off, with a word to all three; or held, and then without one."""
        if word:
            self._of_talk(word)
        self.talk = 0

    def report(self, one: Taken) -> None:
        """Tell how it went: to all who handed it on and heard nothing yet."""
        for each in self.taken:
            if not each.is_told and each.sender != self.owner:
                each.is_told = True
                self._say(each.number, each.sender, "reported-back")
        assert one.is_told

    def ask(self, one: Taken) -> None:
        """Ask the owner how it went."""
        one.is_asked = True
        self._say(one.number, self.owner, "report-due")

    def dispute(self, one: Taken) -> None:
        """Let the resident say that a talk was not there."""
        one.is_disputed = True
        self.disputes.add(one.number)
        if self.owner not in self.unstaffed:
            self.tasks["coordinator"] += 1
            self._say(one.number, self.owner + "*", "disputed")

    def finish(self, state: str, today: date, left: str = "") -> None:
        """End the question, with all that was done for it."""
        if self.slip:
            self.end("withdrawn", "ended")
        self.close()
        self.state, self.left, self.ended_on = state, left, today
        self.tasks.clear()

    def reopen(self) -> None:
        """Open it again: somebody listens first."""
        self.is_live, self.state, self.left, self.ended_on = True, "clarifying", "", None
        self.tasks["reopened"] = 1

    def readers(self) -> set[str]:
        return super().readers() - self.unstaffed

    def _step_taken(self) -> None:
        for kind in STEPS:
            self.tasks.pop(kind, None)

    def _came_back(self, *, looks: bool = False) -> None:
        self.tasks["next-step"] = 1
        self.tasks["coordinator"] += looks

    def _of_talk(self, word: str) -> None:
        assert self.slip
        for who in (self.slip.sender, self.slip.receiver, ME):
            self._say(self.slip.number, who, f"{word}:{self.talk}")

    def _say(self, number: int, team: str, word: str) -> None:
        if team[0] not in self.unstaffed:  # nobody reads there
            super()._say(number, team, word)

"""The reference model of the warm handover: what the table says, without a database.

The states were walked to a fixpoint when the protocol was designed (three teams, three
handovers: 2,752 states, 20,608 moves, no violation). Here it is the oracle of the tests;
test_protocol.py walks it to the same numbers.
"""

from collections.abc import Hashable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field

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

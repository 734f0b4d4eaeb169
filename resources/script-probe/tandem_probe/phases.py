"""The backward passes of a step, and what they make of its time."""
from typing import Any, NamedTuple


class Pass(NamedTuple):
    """One backward pass, in marks. `began` is that of its forward pass, None for that of the step."""
    began: Any
    # This rank's own last gradient; None where nobody listens.
    last: Any
    # None while it is under way, as for a step that is made inside it.
    ended: Any
    exchanges: bool


class Phases(NamedTuple):
    passes: list
    backwards: int

    def milliseconds(self, at, step_began, step_ended):
        """Computing, exchanging gradients and updating, in milliseconds, and when the last own gradient was there."""
        compute = communication = 0.0
        arrived, previous = None, step_began
        for one in self.passes:
            began = previous if one.began is None else max(previous, at(one.began))
            ended = step_ended if one.ended is None else at(one.ended)
            last = at(one.last) if one.last is not None and one.exchanges else ended
            compute += max(0.0, last - began)
            communication += max(0.0, ended - last)
            if one.last is not None and one.exchanges:
                arrived = last
            previous = ended
        update = step_ended - previous if self.passes else 0.0
        return compute, communication, max(0.0, update), arrived


class Backward:
    """Hears of backward passes, and of the gradients in them."""

    def __init__(self):
        self._passes = []
        self._began = None
        self._since = None
        self._last = None
        self._is_under_way = False
        self._backwards = 0

    def batch_came(self, mark):
        self._since = mark

    def is_new(self):
        """Whether the pass that is heard of was not heard of before, as by a step that was made inside it."""
        if self._is_under_way:
            return False
        self._is_under_way = True
        self._backwards += 1
        self._began = self._since
        return True

    def gradient_came(self, mark, gradient):
        self._last = mark, gradient

    def ended(self, mark):
        last, exchanges = None, False
        if self._last is not None:
            last, (model, index, exchanges) = self._last
            model.lasts.add(index)
            self._last = None
        self._passes.append(Pass(self._began, last, mark, exchanges))
        self._since = mark
        self._is_under_way = False

    def take(self):
        """The passes of the step that has just been made."""
        passes = self._passes
        if self._is_under_way:
            passes = [*passes, Pass(self._began, None, None, False)]
        phases = Phases(passes, self._backwards)
        self._passes, self._backwards, self._since = [], 0, None
        return phases

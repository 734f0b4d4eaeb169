"""The backward passes of a step, and what they make of its time."""
import time
from typing import Any, NamedTuple

from tandem_trainer.strategies import OwnGradients


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
        self._own = []
        self._depth = 0
        self._backwards = 0

    def listen(self, parameters, session, is_exchanging):
        self._own.append((TimedOwnGradients(parameters, session), is_exchanging))

    def batch_came(self, mark):
        self._since = mark

    def begin(self):
        """Whether this is a pass by itself, and not one that another runs, as checkpoints do."""
        self._depth += 1
        if self._depth > 1:
            return False
        self._backwards += 1
        self._began = self._since
        for own, _ in self._own:
            own.begin_step()
        return True

    def end(self, mark):
        self._depth -= 1
        if self._depth > 0:
            return
        self._passes.append(self._pass(mark))
        self._since = mark

    def take(self):
        """The passes of the step that has just been made."""
        passes = self._passes if self._depth == 0 else [*self._passes, self._pass(None)]
        phases = Phases(passes, self._backwards)
        self._passes, self._backwards, self._since = [], 0, None
        return phases

    def _pass(self, ended):
        for own, is_exchanging in self._own:
            if own.heard > 0:
                return Pass(self._began, own.last, ended, is_exchanging())
        return Pass(self._began, None, ended, False)


class TimedOwnGradients(OwnGradients):
    """Counts its own time as the probe's."""

    def __init__(self, parameters, session):
        self._session = session
        super().__init__(parameters, session.clock)

    def _hear(self, gradient):
        begun = time.perf_counter()
        super()._hear(gradient)
        self._session.spent(begun)

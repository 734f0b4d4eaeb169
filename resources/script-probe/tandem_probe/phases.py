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
        self._own = []
        self._depth = 0
        self._backwards = 0

    def listen(self, parameters, session, is_exchanging):
        self._own.append((LastOwnGradient(parameters, session), is_exchanging))

    def have_learned(self):
        """The warm-up is over: what is the same in every step is known by now."""
        for own, _ in self._own:
            own.listen_to_last()

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
            own.mark = None
        return True

    def exchanging(self):
        """Of each model that is listened to: whether this pass exchanges its gradients. Asked where the pass ends."""
        if not self._own:
            return ()
        exchanging = []
        for own, is_exchanging in self._own:
            exchanges = is_exchanging()
            if exchanges and not own.has_come:
                own.listen_to_all()
            own.has_come = False
            exchanging.append(exchanges)
        return exchanging

    def ended(self, mark, exchanging):
        self._depth -= 1
        if self._depth > 0:
            return
        self._passes.append(self._pass(mark, exchanging))
        self._since = mark

    def take(self):
        """The passes of the step that has just been made."""
        passes = self._passes if self._depth == 0 else [*self._passes, self._pass(None, ())]
        phases = Phases(passes, self._backwards)
        self._passes, self._backwards, self._since = [], 0, None
        return phases

    def _pass(self, ended, exchanging):
        for (own, _), is_exchanging in zip(self._own, exchanging):
            if own.mark is not None:
                own.end_pass()
                return Pass(self._began, own.mark, ended, is_exchanging)
        return Pass(self._began, None, ended, False)


class LastOwnGradient:
    """Marks when this rank's own last gradient of a backward pass is there.

    The all-reduce makes the passes of all ranks equally long; only this tells which of them is late. Each gradient that is
    listened to costs a call, and the same one comes last in every pass: once that is learned, nobody listens to the others.
    Where it is missed, as after layers were frozen, all are listened to again.
    """

    def __init__(self, parameters, session):
        self._session = session
        self._parameters = parameters
        self._last = None
        self._lasts = set()
        # Of the pass that is being read, or the one that was read last.
        self.mark = None
        # In the pass under way, which is not read yet.
        self.has_come = False
        self._handles = {}
        self.listen_to_all()

    def listen_to_all(self):
        for index, parameter in enumerate(self._parameters):
            if index not in self._handles:
                self._handles[index] = parameter.register_hook(self._hearing(index))

    def listen_to_last(self):
        """From now on only to gradients that a pass has ended with."""
        if self._lasts:
            for index in self._handles.keys() - self._lasts:
                self._handles.pop(index).remove()

    def end_pass(self):
        self._lasts.add(self._last)

    def _hearing(self, index):
        session = self._session

        def hear(_):
            begun = session.now()
            self.has_come = True
            session.note(self._heard, begun, session.clock.mark(), index)

        return hear

    def _heard(self, mark, index):
        self.mark, self._last = mark, index

"""Makes steps of what hooks have noted, as the host is told of them."""
import collections

from .batches import Batches, Fetch
from .phases import Backward


class Records:
    def __init__(self):
        self.batches = Batches()
        self.backward = Backward()
        # Steps after the warm-up that were made records of; None before.
        self.taken = None
        # What the probe has taken of the processor for them.
        self.own_seconds = 0.0
        self._previous = None
        self._pending = collections.deque()
        self._told = []
        self._totals = collections.Counter()

    def begin(self, mark):
        """The warm-up is over, and measured steps begin."""
        self._previous = mark
        self.taken = 0
        self.own_seconds = 0.0

    def read(self, notes):
        for read, mark, what, begun, ended in notes:
            read(mark, what)
            self.own_seconds += ended - begun

    def pass_heard(self):
        if self.backward.is_new():
            self.batches.backward()

    def pass_ended(self, mark, _):
        self.pass_heard()
        self.backward.ended(mark)

    def fetched(self, mark, what):
        self.batches.fetched(Fetch(*what))
        self.backward.batch_came(mark)

    def stepped(self, mark, what):
        by_hand, skipped, is_inside_pass = what
        if is_inside_pass:
            self.pass_heard()
        window, phases = self.batches.step(mark), self.backward.take()
        if self.taken is None:
            return
        self.taken += 1
        self._totals['skippedSteps'] += skipped
        self._totals['backwards'] += phases.backwards
        self._pending.append((mark, window, phases, by_hand))

    def take_passed(self, clock, is_dispatching):
        """The steps that have happened, which on CUDA is after the script has gone on, and were not told yet."""
        passed = []
        while self._pending and clock.has_passed(self._pending[0][0]):
            passed.append(self._record(clock.milliseconds, is_dispatching, *self._pending.popleft()))
        return passed

    def _record(self, at, is_dispatching, mark, window, phases, by_hand):
        ended, previous = at(mark), at(self._previous)
        self._previous = mark
        evaluation_ms = sum(at(end) - at(begun) for begun, end in window.evaluations)
        step_ms = max(0.0, ended - previous - evaluation_ms)
        wait_ms = 0.0 if is_dispatching else min(window.wait_ms, step_ms)
        compute_ms, communication_ms, update_ms, arrived = phases.milliseconds(at, previous, ended)
        scale = min(1.0, (step_ms - wait_ms) / max(1e-9, compute_ms + communication_ms + update_ms))
        samples = by_hand.get('samples', window.samples)
        record = {
            'epoch': 0,
            'step': len(self._told),
            'images': samples,
            'startedAtMs': ended - step_ms,
            'stepMs': step_ms,
            'dataWaitMs': wait_ms,
            'computeMs': scale * compute_ms,
            'communicationMs': scale * communication_ms,
            'updateMs': scale * update_ms,
            'arrivedAtMs': arrived,
        }
        if 'loss' in by_hand:
            record['loss'] = float(by_hand['loss'])
        self._told.append((step_ms, samples))
        self._totals['evaluationMs'] += evaluation_ms
        return record

    def epoch(self):
        return {
            'epoch': 0,
            'seconds': sum(step_ms for step_ms, _ in self._told) / 1000,
            'images': sum(samples for _, samples in self._told),
            'steps': len(self._told),
            'testAccuracy': None,
        }

    def facts(self):
        return {
            'skippedSteps': self._totals['skippedSteps'],
            'backwardsPerStep': self._totals['backwards'] / self.taken,
            'evaluationMs': float(self._totals['evaluationMs']),
            'probeMicrosecondsPerStep': 1e6 * self.own_seconds / self.taken,
        }

"""One process of a measured script, from its first step to its end, as a rank of the measurement.

It is a rank from its first optimiser step, or its first DDP, on. Loader workers and launchers never are.
"""
import atexit
import collections
import os
import sys
import time
import weakref

import torch
from tandem_trainer.clock import CpuClock, CudaClock
from tandem_trainer.host import Host
from tandem_trainer.processor import peak_memory_bytes

from . import ending, processor
from .batches import Batches
from .phases import Backward
from .start import STARTED

# A script that goes on compiling is waited for so many times as long as a warm-up.
MOST_WARM_UPS = 20


class Session:
    def __init__(self):
        self.host = None
        self.clock = CpuClock()
        self.batches = Batches()
        self.backward = Backward()
        # Seconds that this probe has taken of its process since the warm-up.
        self.own_seconds = 0.0
        self._measured_since = float('inf')
        self.optimizers = {}
        self._clock_optimizer = None
        self._is_clocked_by_hand = False
        self._by_hand = {}
        # Of wrappers: what exchanges gradients.
        self.exchange = None
        self.gradient_bytes = None
        self.is_dispatching = False
        self._steps_seen = 0
        self._warm_until = None
        self._compiled = 0
        self._records = None
        self._is_over = False

    # The process as a rank.

    def become_rank(self):
        """Says to the host that this process trains. Waits until the host has answered."""
        if self.host is not None or self._is_over:
            return
        if 'TANDEM_SOCKET' not in os.environ:
            # Forked from a rank.
            self._is_over = True
            return
        distributed = torch.distributed
        in_group = distributed.is_available() and distributed.is_initialized()
        rank = distributed.get_rank() if in_group else int(os.environ.get('RANK', '0'))
        world = distributed.get_world_size() if in_group else 1
        self.host = Host(rank=rank)
        processor.pin_rank(rank)
        if torch.cuda.is_available() and torch.cuda.is_initialized():
            self.clock = CudaClock(torch.device('cuda', torch.cuda.current_device()))
        self.host.send(
            'ready',
            backend='pytorch',
            backendVersion=torch.__version__,
            collective=f'torch.distributed ({distributed.get_backend()})' if in_group and world > 1 else None,
            worldSize=world,
            loadMs=1000 * (time.perf_counter() - STARTED),
        )
        self.plan = self.host.job()['script']
        self._warm_until = self.plan['warmUp']
        self._warm_since = time.perf_counter()
        atexit.register(self._ended_by_itself)

    def watch_exchange(self, kind, parameters=None, is_exchanging=None):
        """A model was wrapped for training in a group; `parameters` tell when this rank's own gradients are there."""
        self.become_rank()
        self.exchange = kind
        if parameters is not None:
            trained = [parameter for parameter in parameters if parameter.requires_grad]
            self.gradient_bytes = sum(parameter.numel() * parameter.element_size() for parameter in trained)
            self.backward.listen(trained, self, is_exchanging)

    def forget(self):
        """In a process that was forked from this one, which is not the rank."""
        self.__init__()

    def spent(self, since):
        """This probe has been at work since then; counted once steps are measured."""
        if since >= self._measured_since:
            self.own_seconds += time.perf_counter() - since

    # Steps.

    def optimizer_stepped(self, optimizer, skipped=False):
        if self._is_clocked_by_hand or self._is_over:
            return
        self.optimizers[id(optimizer)] = type(optimizer).__name__
        clock = self._clock_optimizer and self._clock_optimizer()
        if clock is None:
            # One that is gone was tried out, and another has taken its place.
            self._clock_optimizer = weakref.ref(optimizer)
        elif clock is not optimizer:
            return
        self._step(skipped)

    def step_by_hand(self, samples):
        self._is_clocked_by_hand = True
        self._by_hand['samples'] = samples
        self._step(skipped=False)

    def report(self, loss, samples):
        if loss is not None:
            self._by_hand['loss'] = loss.detach() if isinstance(loss, torch.Tensor) else float(loss)
        if samples is not None:
            self._by_hand['samples'] = samples

    def _step(self, skipped):
        self.become_rank()
        if self._is_over:
            return
        mark = self.clock.mark()
        window = self.batches.step(mark)
        phases = self.backward.take()
        by_hand, self._by_hand = self._by_hand, {}
        self._steps_seen += 1
        if self.host.is_stopping:
            self._stop()
        if self._records is None:
            self._warm_up(mark)
        else:
            self._records.add(mark, window, phases, by_hand, skipped)
            if self._records.taken == self.plan['steps']:
                self._conclude()

    def _warm_up(self, mark):
        if self._steps_seen == 1:
            self._first_step_ms = 1000 * (time.perf_counter() - self._warm_since)
        if self._has_compiled() and self._steps_seen < MOST_WARM_UPS * self.plan['warmUp']:
            self._warm_until = self._steps_seen + self.plan['warmUp']
        if self._steps_seen < self._warm_until:
            return
        begun = self.clock.begin_epoch()
        self.host.send(
            'warmed-up',
            traceMs=0,
            firstStepMs=1000 * (time.perf_counter() - self._warm_since),
            stepsPerEpoch=self.plan['steps'],
        )
        self._measured_since = time.perf_counter()
        self._records = Records(self, begun)

    def _has_compiled(self):
        """Whether torch.compile has compiled something since this was asked last."""
        dynamo = sys.modules.get('torch._dynamo.utils')
        if dynamo is None:
            return False
        compiled = dynamo.counters['frames']['total'] + dynamo.counters['stats']['unique_graphs']
        has_more, self._compiled = compiled != self._compiled, compiled
        return has_more

    # The end.

    def _conclude(self):
        self._is_over = True
        self._records.tell_all()
        self.host.send('script', facts={**self._records.facts(), **self._facts()})
        self.host.send('epoch', epoch=self._records.epoch())
        ending.end_loaders()
        self.host.last_word('done', peakMemoryBytes=peak_memory_bytes())
        # Ranks that are a step behind must not miss this one.
        self.host.wait_for_stop(ending.MOST_WAIT_SECONDS)
        ending.end_process()

    def _stop(self):
        self._is_over = True
        ending.end_loaders()
        self.host.last_word('stopped')
        ending.end_process()

    def _facts(self):
        return {
            'threads': torch.get_num_threads(),
            'exchange': self.exchange,
            'gradientBytes': self.gradient_bytes,
            'optimizers': len(self.optimizers),
            'warmUpSteps': self._warm_until,
            'hasCompiled': self._compiled > 0,
            'isDispatching': self.is_dispatching,
        }

    def _ended_by_itself(self):
        if self.host is None or self._is_over:
            return
        if getattr(sys, 'last_type', None) is not None:
            # It raised, and its traceback says more.
            return
        needed = self._warm_until + self.plan['steps']
        self.host.last_word('failed', error={
            'code': 'script-ended-early',
            'message': f'the script ended by itself after {self._steps_seen} of {needed} steps',
            'hint': 'Let it train longer, or measure fewer steps with --steps and --warm-up.',
        })


class Records:
    """The steps after the warm-up, told as soon as they have happened, which on CUDA is after the script has gone on."""

    def __init__(self, session, begun):
        self._session = session
        self._previous = begun
        self._pending = collections.deque()
        self.taken = 0
        self._told = []
        self._totals = collections.Counter()

    def add(self, mark, window, phases, by_hand, skipped):
        self.taken += 1
        self._pending.append((mark, window, phases, by_hand))
        self._totals['skippedSteps'] += skipped
        self._totals['backwards'] += phases.backwards
        while self._pending and self._session.clock.has_passed(self._pending[0][0]):
            self._tell(*self._pending.popleft())

    def tell_all(self):
        """The one wait for the device."""
        self._session.clock.finish()
        while self._pending:
            self._tell(*self._pending.popleft())

    def _tell(self, mark, window, phases, by_hand):
        at = self._session.clock.milliseconds
        ended, previous = at(mark), at(self._previous)
        self._previous = mark
        evaluation_ms = sum(at(end) - at(begun) for begun, end in window.evaluations)
        step_ms = max(0.0, ended - previous - evaluation_ms)
        wait_ms = 0.0 if self._session.is_dispatching else min(window.wait_ms, step_ms)
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
        self._session.host.send_step(record)

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
            'probeMicrosecondsPerStep': 1e6 * self._session.own_seconds / self.taken,
        }


_current = None


def current():
    global _current
    if _current is None:
        _current = Session()
        if hasattr(os, 'register_at_fork'):
            os.register_at_fork(after_in_child=_current.forget)
    return _current

"""One process of a measured script, from its first step to its end, as a rank of the measurement.

It is a rank from its first optimiser step, or its first DDP, on. Loader workers and launchers never are.

What hooks hear is only noted where it happens, since a hook is code that no cache has any more after a long step. It is read
now and then (records.py).
"""
import atexit
import os
import sys
import time
import weakref

import torch
from tandem_trainer.clock import CpuClock, CudaClock
from tandem_trainer.host import Host
from tandem_trainer.processor import peak_memory_bytes

from . import ending, processor
from .gradients import Gradients
from .loaders import Fetching
from .processor import thread_seconds as now
from .records import Records
from .start import STARTED

# A script that goes on compiling is waited for so many times as long as a warm-up.
MOST_WARM_UPS = 20
# As often as a chart shows something new, where that is not for the sake of a few steps: to tell costs as much as twenty
# steps do that are told of.
TELL_SECONDS = 0.25
WORTH_TELLING = 32
MOST_TELL_SECONDS = 2
# So that a message stays below what a socket takes at once.
MOST_UNTOLD_STEPS = 256
MOST_NOTES = 10_000


class Session:
    def __init__(self):
        self.host = None
        self.clock = CpuClock()
        self.mark = self.clock.mark
        # What was noted and not read yet: `read(mark, what)`, its arguments, and from when to when the hook was at work. In
        # order. `note` is an attribute, and hooks call what they can, since each name on the way costs them.
        self._notes = []
        self.note = self._notes.append
        self.passes_under_way = 0
        self.records = Records()
        self.gradients = Gradients(self)
        self.fetching = Fetching(self)
        self.optimizer_steps = 0
        self._optimizers = set()
        self._clock_optimizer = lambda: None
        self._is_clocked_by_hand = False
        self._by_hand = {}
        # Of wrappers: what exchanges gradients.
        self.exchange = None
        self.gradient_bytes = None
        self.is_dispatching = False
        self._steps_seen = 0
        self._warm_until = None
        self._compiled = 0
        self._told_at = 0.0
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
            self.mark = self.clock.mark
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

    def watch_exchange(self, kind, ddp=None):
        """A model was wrapped for training in a group. Where that is DDP, it tells when this rank's own gradients are there."""
        self.become_rank()
        self.exchange = kind
        if ddp is not None:
            trained = [parameter for parameter in ddp.parameters() if parameter.requires_grad]
            self.gradient_bytes = sum(parameter.numel() * parameter.element_size() for parameter in trained)
            self.gradients.listen(ddp)

    def forget(self):
        """In a process that was forked from this one, which is not the rank."""
        self.__init__()

    # What hooks hear.

    def limit_notes(self):
        """Of processes that load or pass backward and never step."""
        if len(self._notes) > MOST_NOTES:
            self._read()

    def _read(self):
        notes = self._notes[:]
        del self._notes[:len(notes)]
        self.records.read(notes)

    # Steps.

    def optimizer_stepped(self, optimizer, *_, skipped=False):
        begun = now()
        self.optimizer_steps += 1
        if self._is_clocked_by_hand or self._is_over:
            return
        clock = self._clock_optimizer()
        if clock is not optimizer:
            self._optimizers.add(id(optimizer))
            if clock is not None:
                return
            # One that is gone was tried out, and another has taken its place.
            self._clock_optimizer = weakref.ref(optimizer)
        self._step(begun, skipped)

    def step_by_hand(self, samples):
        begun = now()
        self._is_clocked_by_hand = True
        self._by_hand['samples'] = whole(samples)
        self._step(begun)

    def report(self, loss, samples):
        if loss is not None:
            self._by_hand['loss'] = loss.detach() if isinstance(loss, torch.Tensor) else float(loss)
        if samples is not None:
            self._by_hand['samples'] = whole(samples)

    def _step(self, begun, skipped=False):
        if self.host is None:
            self.become_rank()
        if self._is_over:
            return
        mark = self.mark()
        by_hand, self._by_hand = self._by_hand, {}
        self._steps_seen += 1
        what = (by_hand, skipped, self.passes_under_way > 0)
        self.note((self.records.stepped, mark, what, begun, now()))
        if self.host.is_stopping:
            self._stop()
        elif self.records.taken is None:
            self._warm_up()
        elif self._steps_seen == self._warm_until + self.plan['steps']:
            self._conclude()
        else:
            self._tell_when_due()

    def _warm_up(self):
        self._read()
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
        self.records.begin(begun)
        self.gradients.listen_to_last()
        self._told_at = time.perf_counter()

    def _has_compiled(self):
        """Whether torch.compile has compiled something since this was asked last."""
        dynamo = sys.modules.get('torch._dynamo.utils')
        if dynamo is None:
            return False
        compiled = dynamo.counters['frames']['total'] + dynamo.counters['stats']['unique_graphs']
        has_more, self._compiled = compiled != self._compiled, compiled
        return has_more

    def _tell_when_due(self):
        untold = self._steps_seen - self._warm_until - self.records.taken
        patience = TELL_SECONDS if untold >= WORTH_TELLING else MOST_TELL_SECONDS
        if untold >= MOST_UNTOLD_STEPS or time.perf_counter() - self._told_at >= patience:
            self._tell()
            self._told_at = time.perf_counter()

    def _tell(self):
        begun = now()
        self._read()
        steps = self.records.take_passed(self.clock, self.is_dispatching)
        if steps:
            self.host.send('steps', steps=steps)
        self.records.own_seconds += now() - begun

    # The end.

    def _conclude(self):
        self._is_over = True
        self.clock.finish()
        self._tell()
        self.host.send('script', facts={**self.records.facts(), **self._facts()})
        self.host.send('epoch', epoch=self.records.epoch())
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
            'optimizers': len(self._optimizers),
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


def whole(samples):
    """A number of samples; 0 says that it is not known."""
    count = int(samples)
    if count < 0 or count != samples:
        raise ValueError(f'tandem_probe: samples has to be a whole number, not {samples!r}')
    return count


_current = None


def current():
    global _current
    if _current is None:
        _current = Session()
        if hasattr(os, 'register_at_fork'):
            os.register_at_fork(after_in_child=_current.forget)
    return _current

"""Where PyTorch, and what people train with, is listened to. Each hook sums up the time that it takes itself."""
import functools
import time
import weakref

import torch
from torch.optim.optimizer import register_optimizer_step_post_hook

from . import ending
from . import session as sessions
from .batches import Fetch, Source, samples_of


def watch_torch():
    session = sessions.current()

    @counted(session)
    def after_step(optimizer, *_):
        session.optimizer_stepped(optimizer)

    register_optimizer_step_post_hook(after_step)
    watch_scaler(session)
    watch_backward(session)
    watch_loaders(session)
    watch_ddp(session)


def counted(session):
    """Adds the time that a hook takes to the probe's own."""
    def decorate(hook):
        def timed(*args):
            begun = time.perf_counter()
            hook(*args)
            session.spent(begun)
        return timed
    return decorate


def watch_scaler(session):
    """A step that a GradScaler leaves out, because gradients have overflowed, is one of the script's steps all the same."""
    inner = torch.amp.GradScaler.step
    stepped = set()

    def note(optimizer, *_):
        stepped.add(id(optimizer))

    register_optimizer_step_post_hook(note)

    @functools.wraps(inner)
    def step(self, optimizer, *args, **kwargs):
        stepped.discard(id(optimizer))
        result = inner(self, optimizer, *args, **kwargs)
        wrapped = getattr(optimizer, 'optimizer', None)
        if id(optimizer) not in stepped and id(wrapped) not in stepped:
            begun = time.perf_counter()
            session.optimizer_stepped(optimizer, skipped=True)
            session.spent(begun)
        stepped.clear()
        return result

    torch.amp.GradScaler.step = step


def watch_backward(session):
    inner = torch.autograd.backward

    @functools.wraps(inner)
    def backward(*args, **kwargs):
        begun = time.perf_counter()
        if session.backward.begin():
            session.batches.backward()
        session.spent(begun)
        try:
            return inner(*args, **kwargs)
        finally:
            begun = time.perf_counter()
            session.backward.end(session.clock.mark())
            session.spent(begun)

    # torch.compile leaves it as it is, and what it calls.
    backward._torchdynamo_disable = True
    torch.autograd.backward = backward


def watch_loaders(session):
    from torch.utils.data import DataLoader, dataloader

    fetching = Fetching(session)
    begin = DataLoader.__iter__

    @functools.wraps(begin)
    def iterate(self):
        with fetching.of(self) as fetch:
            iterator = begin(self)
            fetch.will_be_continued_by(iterator)
        ending.remember(iterator)
        return iterator

    DataLoader.__iter__ = iterate
    advance = dataloader._BaseDataLoaderIter.__next__

    @functools.wraps(advance)
    def following(self):
        with fetching.of(self) as fetch:
            return fetch.came(advance(self))

    dataloader._BaseDataLoaderIter.__next__ = following
    global _fetching
    _fetching = fetching


_fetching = None


class Fetching:
    """Times what loaders are asked for. Of loaders inside loaders, the outermost counts."""

    def __init__(self, session):
        self._session = session
        self._depth = 0
        self._sources = weakref.WeakKeyDictionary()

    def of(self, loader):
        return OneFetch(self, self._session, loader)

    def source_of(self, loader):
        if loader not in self._sources:
            self._sources[loader] = Source()
        return self._sources[loader]


class OneFetch:
    """From the question to the answer, as a context."""

    def __init__(self, fetching, session, loader):
        self._fetching, self._session, self._loader = fetching, session, loader
        self._batch = self._next = None
        self._has_come = False

    def __enter__(self):
        self._fetching._depth += 1
        self._mark = self._session.clock.mark()
        self._begun = time.perf_counter()
        return self

    def came(self, batch):
        self._batch, self._has_come = batch, True
        return batch

    def will_be_continued_by(self, iterator):
        """It only began: starting workers is part of the first wait."""
        self._next = iterator

    def __exit__(self, *_):
        now = time.perf_counter()
        fetching = self._fetching
        fetching._depth -= 1
        if fetching._depth > 0:
            return
        source = fetching.source_of(self._loader)
        begun, wait = source.begun or self._mark, source.waited + now - self._begun
        if self._next is not None:
            fetching._sources[self._next] = source
            source.begun, source.waited = begun, wait
        else:
            source.begun, source.waited = None, 0.0
        if self._has_come:
            samples = samples_of(self._batch)
            self._session.batches.fetched(Fetch(source, begun, 1000 * wait, samples, torch.is_grad_enabled()))
            self._session.backward.batch_came(self._session.clock.mark())
        self._session.spent(now)


def watch_ddp(session):
    ddp = torch.nn.parallel.DistributedDataParallel
    inner = ddp.__init__

    @functools.wraps(inner)
    def wrap(self, *args, **kwargs):
        inner(self, *args, **kwargs)
        own = weakref.ref(self)

        def is_exchanging():
            module = own()
            return module is not None and module.require_backward_grad_sync
        session.watch_exchange('ddp', list(self.parameters()), is_exchanging)

    ddp.__init__ = wrap


def watch_sharding():
    """FSDP in both its forms: when gradients travel is its own affair."""
    from torch.distributed import fsdp

    session = sessions.current()
    inner = fsdp.FullyShardedDataParallel.__init__

    @functools.wraps(inner)
    def wrap(self, *args, **kwargs):
        inner(self, *args, **kwargs)
        session.watch_exchange('fsdp')

    fsdp.FullyShardedDataParallel.__init__ = wrap
    shard = getattr(fsdp, 'fully_shard', None)
    if shard is None:
        return

    @functools.wraps(shard)
    def fully_shard(*args, **kwargs):
        result = shard(*args, **kwargs)
        session.watch_exchange('fsdp')
        return result

    # What it is asked besides.
    fully_shard.__dict__.update(shard.__dict__)
    fsdp.fully_shard = fully_shard


def watch_deepspeed():
    sessions.current().exchange = 'deepspeed'


def watch_accelerate():
    """Accelerate's loaders hand out other batches than those that they read: counted is what the script gets."""
    from accelerate import data_loader

    session = sessions.current()
    for name in ('DataLoaderShard', 'DataLoaderDispatcher'):
        kind = getattr(data_loader, name, None)
        if kind is not None:
            hand_out(kind, session, is_dispatching=name == 'DataLoaderDispatcher')


def hand_out(kind, session, is_dispatching):
    inner = kind.__iter__

    @functools.wraps(inner)
    def iterate(self):
        if is_dispatching:
            session.is_dispatching = True
        return Deliveries(inner(self), self)

    kind.__iter__ = iterate


class Deliveries:
    """An iterator whose every answer is timed and counted."""

    def __init__(self, iterator, loader):
        self._iterator, self._loader = iterator, loader

    def __iter__(self):
        return self

    def __next__(self):
        with _fetching.of(self._loader) as fetch:
            return fetch.came(next(self._iterator))

"""Where loaders of data are listened to: PyTorch's own, and what Accelerate puts around them."""
import functools
import time
import weakref

import torch

from . import ending
from .batches import Source, samples_of
from .processor import thread_seconds as now


def watch_loaders(session):
    from torch.utils.data import DataLoader, dataloader

    begin = DataLoader.__iter__

    @functools.wraps(begin)
    def iterate(self):
        session.fetching.ask()
        iterator = None
        try:
            iterator = begin(self)
        finally:
            session.fetching.began(self, iterator)
        ending.remember(iterator)
        return iterator

    DataLoader.__iter__ = iterate
    advance = dataloader._BaseDataLoaderIter.__next__

    @functools.wraps(advance)
    def following(self):
        return session.fetching.fetch(self, advance, self)

    dataloader._BaseDataLoaderIter.__next__ = following


def watch_accelerate(session):
    """Accelerate's loaders hand out other batches than those that they read: counted is what the script gets."""
    from accelerate import data_loader

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
        return Deliveries(inner(self), self, session)

    kind.__iter__ = iterate


class Deliveries:
    """An iterator whose every answer is timed and counted."""

    def __init__(self, iterator, loader, session):
        self._iterator, self._loader, self._session = iterator, loader, session

    def __iter__(self):
        return self

    def __next__(self):
        return self._session.fetching.fetch(self._loader, next, self._iterator)


class Fetching:
    """Times what loaders are asked for. Of loaders inside loaders, the outermost counts."""

    def __init__(self, session):
        self._session = session
        self._depth = 0
        self._mark = self._asked = None
        self._own_seconds = 0.0
        self._sources = weakref.WeakKeyDictionary()
        # The one that was asked last, and its source.
        self._last = lambda: None
        self._last_source = None

    def fetch(self, loader, advance, iterator):
        """What `advance` says of the iterator, as the next batch of the loader."""
        if self._depth > 0:
            return advance(iterator)
        self.ask()
        try:
            batch = advance(iterator)
        except BaseException:
            self._ended(loader)
            raise
        self._came(loader, batch)
        return batch

    def ask(self):
        self._depth += 1
        if self._depth == 1:
            begun = now()
            self._mark = self._session.mark()
            self._asked = time.perf_counter()
            self._own_seconds = now() - begun

    def began(self, loader, iterator):
        """The loader has an iterator now, or has failed: starting workers is part of the wait for the first batch."""
        waited = time.perf_counter() - self._asked
        self._depth -= 1
        if self._depth > 0 or iterator is None:
            return
        source = self._sources[iterator] = self._source_of(loader)
        if source.begun is None:
            source.begun = self._mark
        source.waited += waited

    def _came(self, loader, batch):
        begun, waited = now() - self._own_seconds, time.perf_counter() - self._asked
        self._depth -= 1
        session = self._session
        source = self._last_source if self._last() is loader else self._source_of(loader)
        since, waited_ms = source.begun or self._mark, 1000 * (source.waited + waited)
        source.begun, source.waited = None, 0.0
        fetched = (source, since, waited_ms, samples_of(batch), torch.is_grad_enabled())
        session.note((session.records.fetched, session.mark(), fetched, begun, now()))
        session.limit_notes()

    def _ended(self, loader):
        """There is no batch left, or none could be read."""
        self._depth -= 1
        source = self._source_of(loader)
        source.begun, source.waited = None, 0.0

    def _source_of(self, loader):
        source = self._sources.get(loader)
        if source is None:
            source = self._sources[loader] = Source()
        self._last, self._last_source = weakref.ref(loader), source
        return source

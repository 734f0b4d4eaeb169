"""Which batches a step was trained on, which ones an evaluation took, and how long was waited for them.

Pure bookkeeping: it hears of fetches, backward passes and steps in their order, with marks of when they were, and
knows nothing of PyTorch.
"""
import collections
import collections.abc
from typing import Any, NamedTuple

# A loader that is never trained on is not remembered for ever.
MOST_PENDING = 256


class Source:
    """A loader, as long as it is iterated."""

    def __init__(self):
        self.is_training = False
        # Since when the next batch is waited for, where that has begun, and for how many seconds so far.
        self.begun = None
        self.waited = 0.0
        self.pending = collections.deque(maxlen=MOST_PENDING)


class Fetch(NamedTuple):
    source: Source
    # Marks of a clock, for how long an evaluation took.
    begun: Any
    wait_ms: float
    samples: int
    # Fetched where gradients are wanted.
    may_train: bool


class Window(NamedTuple):
    """What lies between two steps."""
    samples: int
    wait_ms: float
    # Pairs of marks.
    evaluations: list


class Batches:
    def __init__(self):
        self._fetches = []
        self._backwards = 0
        self._training = []
        self._sources_of_last_step = set()

    def fetched(self, fetch):
        self._fetches.append(fetch)
        if fetch.may_train:
            fetch.source.pending.append(fetch)

    def backward(self):
        """A backward pass begins. A batch counts only if one has followed it."""
        self._backwards += 1
        source = self._source_of_backward()
        if source is None:
            return
        source.is_training = True
        if source not in self._training:
            self._training.append(source)
        for fetch in self._fetches:
            if not fetch.source.is_training:
                fetch.source.pending.clear()

    def step(self, now):
        """The step is made: what led to it. `now` is a mark."""
        if self._backwards == 0:
            # Of gradients that were made in another way, or inside a compiled step.
            self.backward()
        samples = self._take_samples()
        wait_ms, evaluations = self._waits_and_evaluations(now)
        self._sources_of_last_step = {fetch.source for fetch in self._fetches}
        # Each epoch may have a loader of its own.
        self._training = [
            source for source in self._training if source in self._sources_of_last_step or source.pending
        ]
        self._fetches, self._backwards = [], 0
        return Window(samples, wait_ms, evaluations)

    def _source_of_backward(self):
        """A loader that was trained on before, where it has a batch left; else the one that was asked last."""
        for source in reversed(self._training):
            if source.pending:
                return source
        for fetch in reversed(self._fetches):
            if fetch.may_train and fetch.source.pending:
                return fetch.source
        return None

    def _take_samples(self):
        """As many batches as there were backward passes, oldest first: some loaders are ahead of the training by one, some
        scripts fetch all batches of an accumulation first, and some pass backward through a batch several times."""
        samples = 0
        for source in self._training:
            for _ in range(min(self._backwards, len(source.pending))):
                samples += source.pending.popleft().samples
        return samples

    def _waits_and_evaluations(self, now):
        wait_ms, evaluations = 0.0, []
        for index, fetch in enumerate(self._fetches, 1):
            if self._is_evaluation(fetch):
                end = self._fetches[index].begun if index < len(self._fetches) else now
                evaluations.append((fetch.begun, end))
            else:
                wait_ms += fetch.wait_ms
        return wait_ms, evaluations

    def _is_evaluation(self, fetch):
        """Not the batches of a loader that goes along with the training one, batch by batch."""
        if not fetch.may_train:
            return True
        if fetch.source.is_training:
            return False
        if fetch.source not in self._sources_of_last_step:
            return True
        own = sum(other.source is fetch.source for other in self._fetches)
        return own > sum(other.source.is_training for other in self._fetches)


# Of parts within parts: an object of somebody's may lead back to itself.
DEEPEST = 4


def samples_of(batch, depth=0):
    """How many samples a batch has: the first dimension of the first tensor in it, or how long lists of one entry a sample
    are. 0 where there is neither."""
    if depth > DEEPEST or isinstance(batch, (str, bytes)):
        return 0
    if isinstance(batch, (list, tuple)):
        return (_listed(batch) if depth == 0 else 0) or _first(batch, depth)
    shape = getattr(batch, 'shape', None)
    if isinstance(shape, (tuple, list)):
        return int(shape[0]) if len(shape) > 0 else 0
    graphs = getattr(batch, 'num_graphs', None)
    if isinstance(graphs, int):
        return graphs
    if isinstance(batch, collections.abc.Mapping):
        return _first(batch.values(), depth)
    parts = getattr(batch, '__dict__', None)
    return _first(parts.values(), depth) if isinstance(parts, dict) else 0


def _first(parts, depth):
    for part in parts:
        samples = samples_of(part, depth + 1)
        if samples > 0:
            return samples
    return 0


def _listed(parts):
    """Of a batch that was not stacked, as detection has it: lists as long as each other, of pictures and of boxes. Tensors of a
    stacked batch have their first dimension in common. 0 for any other batch."""
    if not parts or not all(isinstance(part, (list, tuple)) and len(part) == len(parts[0]) for part in parts):
        return 0
    found = set()
    for dimension in _dimensions(parts, 0):
        found.add(dimension)
        if len(found) > 1:
            return len(parts[0])
    return 0


def _dimensions(part, depth):
    """The first dimensions of all tensors in it."""
    shape = getattr(part, 'shape', None)
    if isinstance(shape, tuple):
        if len(shape) > 0:
            yield shape[0]
    elif depth < DEEPEST and isinstance(part, (list, tuple, collections.abc.Mapping)):
        for inner in part.values() if isinstance(part, collections.abc.Mapping) else part:
            yield from _dimensions(inner, depth + 1)

"""For how long each bucket of gradients keeps a step waiting."""
import copy
import statistics

from torch import nn
from torch.distributed.algorithms.ddp_comm_hooks import default_hooks

from .strategies import OwnGradients


# After its first step DDP puts its buckets together anew, in the order in which gradients come.
FIRST_STEPS = 3
STEPS = 7


def time_buckets(trainer, batch):
    """By bucket, in the order of their exchange: its bytes, and what it alone adds to a step, in milliseconds.

    Steps of a copy of the model, with a hook that DDP calls for each bucket: in the training itself it would be on the clock.
    Of each step the rank counts that waits least; what others wait more, they wait for it. The median of some steps.
    """
    exchanges = Exchanges(trainer)
    for _ in range(FIRST_STEPS):
        exchanges.step(batch)
    waits = [trainer.strategy.least_over_ranks(exchanges.step(batch)) for _ in range(STEPS)]
    return [
        {'bytes': size, 'exposedMs': statistics.median(column)}
        for size, column in zip(exchanges.sizes(), zip(*waits))
    ]


class Exchanges:
    """Steps that note when the exchange of each bucket has ended on this rank."""

    def __init__(self, trainer):
        self.trainer = trainer
        model = copy.deepcopy(trainer.model)
        self.network = trainer.strategy.wrap(model)
        self.network.register_comm_hook(None, self.exchange)
        self.own = OwnGradients(list(model.parameters()), trainer.clock)
        self.hook = default_hooks.bf16_compress_hook if trainer.strategy.compression == 'bf16' else default_hooks.allreduce_hook
        self.buckets = {}

    def exchange(self, _, bucket):
        place, values = bucket.index(), bucket.buffer()
        size = values.numel() * values.element_size()

        def ended(future):
            self.buckets[place] = (size, self.trainer.clock.mark())
            return future.value()

        return self.hook(None, bucket).then(ended)

    def sizes(self):
        return [size for _, (size, _) in sorted(self.buckets.items())]

    def step(self, batch):
        """What each bucket alone adds: from the rank's own last gradient, or the end of the bucket before, to its end."""
        trainer, clock = self.trainer, self.trainer.clock
        images, labels = trainer.pictures(batch[0]), batch[1].to(trainer.device)
        self.buckets.clear()
        self.own.begin_step()
        self.network.zero_grad(set_to_none=True)
        # All ranks begin together.
        trainer.strategy.sum_over_ranks([0.0])
        clock.begin_epoch()
        with trainer.autocast():
            loss = nn.functional.cross_entropy(self.network(images), labels)
        loss.backward()
        clock.finish()
        waits, before = [], clock.milliseconds(self.own.last)
        for _, (_, end) in sorted(self.buckets.items()):
            ended = clock.milliseconds(end)
            waits.append(max(0.0, ended - before))
            before = max(before, ended)
        return waits

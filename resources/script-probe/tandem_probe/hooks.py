"""Where PyTorch, and what people train with, is listened to. Each hook sums up the time that it takes itself."""
import functools

import torch
from torch.optim.optimizer import register_optimizer_step_post_hook

from . import loaders
from . import session as sessions
from .processor import thread_seconds as now


def watch_torch():
    session = sessions.current()

    register_optimizer_step_post_hook(session.optimizer_stepped)
    watch_scaler(session)
    watch_backward(session)
    loaders.watch_loaders(session)
    watch_ddp(session)


def watch_scaler(session):
    """A step that a GradScaler leaves out, because gradients have overflowed, is one of the script's steps all the same."""
    inner = torch.amp.GradScaler.step

    @functools.wraps(inner)
    def step(self, optimizer, *args, **kwargs):
        before = session.optimizer_steps
        result = inner(self, optimizer, *args, **kwargs)
        if session.optimizer_steps == before:
            session.optimizer_stepped(optimizer, skipped=True)
        return result

    torch.amp.GradScaler.step = step


def watch_backward(session):
    inner = torch.autograd.backward

    @functools.wraps(inner)
    def backward(*args, **kwargs):
        session.passes_under_way += 1
        try:
            return inner(*args, **kwargs)
        finally:
            begun = now()
            session.passes_under_way -= 1
            # Not of a pass within a pass, as checkpoints run them.
            if session.passes_under_way == 0:
                mark = session.mark()
                if session.gradients.have_come:
                    session.gradients.have_come = False
                else:
                    session.gradients.find_again()
                session.note((session.records.pass_ended, mark, None, begun, now()))
                session.limit_notes()

    # torch.compile leaves it as it is, and what it calls.
    backward._torchdynamo_disable = True
    torch.autograd.backward = backward


def watch_ddp(session):
    ddp = torch.nn.parallel.DistributedDataParallel
    inner = ddp.__init__

    @functools.wraps(inner)
    def wrap(self, *args, **kwargs):
        inner(self, *args, **kwargs)
        session.watch_exchange('ddp', self)

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
    loaders.watch_accelerate(sessions.current())

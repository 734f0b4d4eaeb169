"""Single, DataParallel and DistributedDataParallel: one model each, made ready for its devices."""
import datetime
import socket
import statistics
import time

import torch
from torch import distributed, nn
from torch.distributed.algorithms.ddp_comm_hooks import default_hooks


# Bytes of the sums that are timed beside one of all gradients.
SMALL_SUMS = (64 * 1024, 1024 * 1024)
MOST_SUMS = 5
# For the sums of one size.
LONGEST_SUMS_S = 4


class Single:
    """One process and one device."""

    collective = None

    def __init__(self, device):
        self.device = device

    def prepare(self, model):
        return model

    def sum_over_ranks(self, values):
        return values

    def share_buffers(self, model):
        pass

    def close(self):
        pass


class DataParallel(Single):
    """One process and all its GPUs: torch.nn.DataParallel splits each batch, and updates on the first."""

    def __init__(self, devices):
        super().__init__(devices[0])
        self.devices = devices

    def prepare(self, model):
        return nn.DataParallel(model, device_ids=[device.index for device in self.devices])


def exchange_backend(device, name):
    """NCCL between GPUs; but it takes two MIG instances of a board for one GPU that is named twice, and refuses."""
    return 'nccl' if device.type == 'cuda' and not name.startswith('MIG-') else 'gloo'


def open_store(meeting, rank, world_size):
    """Where ranks meet: a file on one machine; else a store of rank 0's, at the one address that it is to listen at.

    A store that PyTorch opens by itself listens on all interfaces. It asks nobody for a password.
    """
    if meeting['kind'] == 'torch':
        return distributed.FileStore(meeting['path'], world_size)
    address, port = meeting['address'], meeting['port']
    timeout = datetime.timedelta(milliseconds=meeting['timeoutMs'])
    if rank > 0:
        return distributed.TCPStore(address, port, is_master=False, timeout=timeout)
    listener = socket.socket(socket.AF_INET6 if ':' in address else socket.AF_INET)
    listener.bind((address, port))
    listener.listen(1024)
    return distributed.TCPStore(
        address, port, is_master=True, wait_for_workers=False, timeout=timeout, master_listen_fd=listener.detach()
    )


class DistributedDataParallel(Single):
    """A process a device. Ranks exchange gradients by gloo or NCCL, on the loopback where all are on one machine."""

    def __init__(self, device, rank, world_size, meeting, bucket_mebibytes, compression, name=''):
        super().__init__(device)
        self.bucket_mebibytes = bucket_mebibytes
        self.compression = compression
        self.world_size = world_size
        self.backend = exchange_backend(device, name)
        self.collective = f'torch.distributed ({"NCCL" if self.backend == "nccl" else "gloo"})'
        if compression == 'bf16':
            self.collective += ', gradients in bfloat16'
        distributed.init_process_group(
            self.backend,
            store=open_store(meeting, rank, world_size),
            rank=rank,
            world_size=world_size,
            timeout=datetime.timedelta(milliseconds=meeting['timeoutMs']),
            device_id=device if self.backend == 'nccl' else None,
        )
        # The first exchange connects the ranks; from here on all of them are there.
        self.sum_over_ranks([0.0])

    def wrap(self, model):
        return nn.parallel.DistributedDataParallel(
            model,
            device_ids=[self.device.index] if self.device.type == 'cuda' else None,
            bucket_cap_mb=self.bucket_mebibytes,
        )

    def prepare(self, model):
        wrapped = self.wrap(model)
        if self.compression == 'bf16':
            wrapped.register_comm_hook(None, default_hooks.bf16_compress_hook)
        return wrapped

    def sum_over_ranks(self, values):
        total = torch.tensor(values, dtype=torch.float64, device=self.device)
        distributed.all_reduce(total)
        return total.tolist()

    def least_over_ranks(self, values):
        least = torch.tensor(values, dtype=torch.float64, device=self.device)
        distributed.all_reduce(least, distributed.ReduceOp.MIN)
        return least.tolist()

    def time_all_reduces(self, most_bytes):
        """How long sums over all ranks take by themselves, by size: the median of some, of the slowest rank."""
        return [self.time_all_reduce(size) for size in sorted({*SMALL_SUMS, most_bytes})]

    def time_all_reduce(self, size):
        values = torch.zeros(size // 4, dtype=torch.float32, device=self.device)
        # The first one may open connections; how long it took says how many there is time for, on all ranks alike.
        tries = min(MOST_SUMS, max(1, int(LONGEST_SUMS_S / self.seconds_of_sum(values))))
        return {'bytes': size, 'ms': 1000 * statistics.median(self.seconds_of_sum(values) for _ in range(tries))}

    def seconds_of_sum(self, values):
        """Of the slowest rank, from when all of them are there."""
        self.sum_over_ranks([0.0])
        started = time.perf_counter()
        distributed.all_reduce(values)
        if values.is_cuda:
            torch.cuda.synchronize(values.device)
        slowest = torch.tensor(time.perf_counter() - started, dtype=torch.float64, device=self.device)
        distributed.all_reduce(slowest, distributed.ReduceOp.MAX)
        return slowest.item()

    def share_buffers(self, model):
        """Batch norm's running figures of rank 0, for all: each rank has its own after the last step."""
        for buffer in model.buffers():
            distributed.broadcast(buffer, 0)

    def close(self):
        distributed.destroy_process_group()


class OwnGradients:
    """Marks when this rank's own first and last gradient of a backward pass are there.

    The all-reduce makes the backward passes of all ranks equally long; only this tells which of them is slow. A hook a
    parameter counts. torch.autograd.graph.register_multi_grad_hook in its mode 'all' would tell the same, and holds on
    to all gradients until the last one: each is then copied where it could have been taken over, which made steps 3.6 %
    longer (ResNet-18, batch 64, one core); counting, 0.4 %.
    """

    def __init__(self, parameters, clock):
        self.clock = clock
        self.first = self.last = None
        self.heard = self.expected = 0
        for parameter in parameters:
            if parameter.requires_grad:
                parameter.register_hook(self._hear)

    def begin_step(self):
        """The same parameters take part in every step, so the last one counts as many as the next will."""
        self.expected, self.heard = self.heard, 0
        self.first = self.last = None

    def _hear(self, _):
        self.heard += 1
        if self.heard == 1:
            self.first = self.clock.mark()
        if self.heard >= self.expected:
            self.last = self.clock.mark()

"""What `tandem doctor` proves of PyTorch. Each check takes the devices and returns a finding, as src/shared/doctor has it.

What a check computes with can be replaced, so that its test can plant a fault.
"""
import datetime
import functools
import gc
import math
import os
import statistics
import sys
import time

import numpy
import torch
from torch import distributed, nn

from . import golden
from .strategies import exchange_backend

MEBIBYTE = 2**20


def checks(golden_case):
    """Pairs of id and title, with the check."""
    return [
        ('operations', 'Operations on every device', check_operations),
        ('peer-copies', 'Copies between devices', check_copies),
        ('pinned-copies', 'Copies from pinned memory', check_pinned_copies),
        ('golden', 'Training steps against committed ones', functools.partial(check_golden, golden_case)),
        ('memory', 'Memory taken and given back', check_memory),
    ]


def good(found):
    return {'status': 'pass', 'found': found, 'advice': None}


def skipped(found):
    return {'status': 'skipped', 'found': found, 'advice': None}


def warn(found, advice):
    return {'status': 'warn', 'found': found, 'advice': advice}


def fault(found, advice):
    return {'status': 'fail', 'found': found, 'advice': advice}


def check_operations(devices):
    """A matrix product and a convolution, held against whole numbers that NumPy computes: not one bit may differ."""
    draw = numpy.random.default_rng(1).integers
    left, right = draw(-4, 5, (96, 64)), draw(-4, 5, (64, 48))
    image, weights = draw(-4, 5, (1, 8, 12, 12)), draw(-4, 5, (16, 8, 3, 3))
    padded = numpy.pad(image, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = numpy.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(2, 3))
    expected = {
        'matrix product': left @ right,
        'convolution': numpy.einsum('nchwij,ocij->nohw', windows, weights),
    }
    wrong = []
    for device in devices:
        a, b, x, w = (torch.from_numpy(values).float().to(device) for values in (left, right, image, weights))
        computed = {'matrix product': torch.matmul(a, b), 'convolution': nn.functional.conv2d(x, w, padding=1)}
        for what, values in computed.items():
            off = int((values.cpu().double() != torch.from_numpy(expected[what]).double()).sum())
            if off:
                wrong.append(f'{device}: {off} of {values.numel()} values of the {what}')
    if wrong:
        return fault(
            f'wrong results on {", ".join(wrong)}',
            'Do not train on this device. Update its driver; if that does not help, its memory or its board is faulty.',
        )
    return good(f'{len(devices)} {"device" if len(devices) == 1 else "devices"}, each bit as whole numbers have it')


def check_copies(devices, copy=lambda values, device: values.to(device)):
    """Values made on one device and used on another, for each pair in both directions."""
    if len(devices) < 2:
        return skipped('one device has no peer')
    sent = torch.arange(MEBIBYTE, dtype=torch.float32) % 1009 + 1
    wrong = []
    for source, target in ((a, b) for a in devices for b in devices if a is not b):
        arrived = copy(sent.to(source) * 2, target).cpu()
        off = int((arrived != sent * 2).sum())
        if off:
            what = 'zeros arrive' if not arrived.any() else f'{off} of {sent.numel()} values are wrong'
            wrong.append(f'{source} to {target}: {what}')
    if wrong:
        return fault(
            ', '.join(wrong),
            'Switch the IOMMU and PCIe access control (ACS) off in the firmware, or set NCCL_P2P_DISABLE=1. Until then use one GPU.',
        )
    return good(f'{len(devices) * (len(devices) - 1)} copies of 4.0 MiB, every value as it was sent')


def check_pinned_copies(devices, copy=lambda values, device: values.to(device, non_blocking=True), pin=torch.Tensor.pin_memory):
    """Batches travel so: from memory that the kernel may not move, without anybody waiting."""
    if all(device.type == 'cpu' for device in devices):
        return skipped('only copies to GPUs need it')
    try:
        pinned = pin(torch.arange(16 * MEBIBYTE, dtype=torch.float32))
    except RuntimeError as error:
        return fault(
            f'no memory can be pinned: {" ".join(str(error).split())[:200]}',
            'Raise the limit of locked memory: ulimit -l unlimited, or docker run --ulimit memlock=-1.',
        )
    rates = []
    for device in devices:
        seconds, arrived = timed(device, lambda: copy(pinned, device))
        if not torch.equal(arrived.cpu(), pinned):
            return fault(f'wrong values arrive on {device}', 'Do not train on this device; its board or its slot is faulty.')
        rates.append(f'{device}: {pinned.numel() * 4 / seconds / 1e9:.1f} GB/s')
    return good(', '.join(rates))


def timed(device, work):
    """Seconds of the second time, and what it gave: the first one pays for what comes once."""
    work()
    wait_for(device)
    started = time.perf_counter()
    result = work()
    wait_for(device)
    return time.perf_counter() - started, result


def wait_for(device):
    if device.type == 'cuda':
        torch.cuda.synchronize(device)


# Relative to the largest value, as src/trainer/golden/deviations.ts has them.
TOLERANCES = {'logits': 2e-4, 'losses': 2e-3}


def check_golden(case, devices):
    """Committed training steps on every device, in plain float32: logits and losses."""
    worst = 0.0
    with without_tf32():
        for device in devices:
            actual = golden.train(case, device)
            for kind, tolerance in TOLERANCES.items():
                deviation = relative(case['expected'][kind], actual[kind])
                if not deviation <= tolerance:
                    return fault(
                        f'{device}: {kind} off by {deviation:.1e} where {tolerance:.1e} is allowed',
                        'Training with this PyTorch is not to be trusted here. Install it again, and report it if it stays.',
                    )
                worst = max(worst, deviation)
    return good(f'ResNet-18, {case["steps"]} steps as {case["madeWith"].split(",")[0]} trained it; within {worst:.1e}')


class without_tf32:
    """cuDNN rounds to 10 bits by default, which is no fault."""

    def __enter__(self):
        self.allowed = torch.backends.cudnn.allow_tf32
        torch.backends.cudnn.allow_tf32 = False

    def __exit__(self, *_):
        torch.backends.cudnn.allow_tf32 = self.allowed


def relative(expected, actual):
    distances = [abs(x - y) for x, y in zip(expected, actual, strict=True)]
    if not all(math.isfinite(distance) for distance in distances):
        return math.inf
    return max(distances) / max(abs(value) for value in expected)


STEPS = 20
ROUNDS = 6
CHUNK = 64 * MEBIBYTE


def check_memory(devices, step=None, give_back=lambda chunk: None, resident=None):
    """Whether steps leave tensors behind, and whether memory that is given back is used again."""
    weights = torch.full((128, 128), 0.01, device=devices[0])
    step = step or (lambda: torch.relu(weights @ weights).sum().item())
    resident = resident or functools.partial(resident_bytes, devices[0])
    step()
    before = living_tensors()
    for _ in range(STEPS):
        step()
    left = living_tensors() - before
    if left > 0:
        return fault(f'{STEPS} steps left {left} tensors behind', 'Something holds on to them; please report this.')
    taken = []
    for _ in range(ROUNDS):
        chunk = torch.ones(CHUNK // 4, device=devices[0])
        chunk[0].item()
        give_back(chunk)
        del chunk
        taken.append(resident())
    if taken[0] is None:
        return good(f'{STEPS} steps left nothing behind')
    growth = max(0, taken[-1] - taken[0])
    found = f'{STEPS} steps left nothing behind; {ROUNDS} times 64 MiB taken and given back, {growth / MEBIBYTE:.0f} MiB more in use'
    if growth <= 2 * CHUNK:
        return good(found)
    return warn(found, 'Memory that is freed is not used again. Long runs may run out of memory.')


def living_tensors():
    gc.collect()
    # Not every object bears being asked for its class.
    return sum(issubclass(type(one), torch.Tensor) for one in gc.get_objects())


def resident_bytes(device):
    """What is in use once everything was given back; None where the system does not say."""
    if device.type == 'cuda':
        torch.cuda.synchronize(device)
        torch.cuda.empty_cache()
        free, total = torch.cuda.mem_get_info(device)
        return total - free
    if sys.platform != 'linux':
        return None
    with open('/proc/self/statm') as file:
        return int(file.read().split()[1]) * os.sysconf('SC_PAGE_SIZE')


TIMED = 4


def sums_by_size(job, device):
    """What a rank of a group says of each size: how long a sum took, and whether every element was right."""
    rank, world_size = job['rank'], job['worldSize']
    backend = exchange_backend(device, job['devices'][0].get('uuid', ''))
    meeting = job['exchanges'][0]['collective']
    distributed.init_process_group(
        backend,
        store=distributed.FileStore(meeting['path'], world_size),
        rank=rank,
        world_size=world_size,
        timeout=datetime.timedelta(milliseconds=meeting['timeoutMs']),
        device_id=device if backend == 'nccl' else None,
    )
    for elements in (exchange['elements'] for exchange in job['exchanges']):
        pattern = torch.arange(elements, dtype=torch.float32, device=device) % 7
        times = []
        for _ in range(1 + TIMED):
            values = pattern * (rank + 1)
            wait_for(device)
            started = time.perf_counter()
            distributed.all_reduce(values)
            wait_for(device)
            times.append(1000 * (time.perf_counter() - started))
        total = world_size * (world_size + 1) // 2
        yield {
            'elements': elements,
            'ms': statistics.median(times[1:]),
            'isRight': torch.equal(values, pattern * total),
            'through': f'torch.distributed ({"NCCL" if backend == "nccl" else "gloo"})',
        }
    distributed.destroy_process_group()

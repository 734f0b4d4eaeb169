#!/usr/bin/env python3
"""Proves one thing after another of this Python's PyTorch, for `tandem doctor`; or is one rank of a sum over ranks.

Tandem starts it with its rank as the only argument, and hears over a socket of each check as it begins and as it ends, in
the words of src/shared/doctor/engine-check-protocol.ts: whatever a driver does to this process, Tandem knows what it was at.
"""
import os
import sys
import time
import traceback

from tandem_trainer.host import Host
from tandem_trainer.processor import pin_to_cores


def main():
    host = Host(rank=int(sys.argv[1]))
    job = host.job()
    pin_to_cores([core for device in job['devices'] for core in device['cores']])
    try:
        if job['kind'] == 'engine':
            prove(job, host)
        else:
            sum_as_rank(job, host)
    except BaseException as error:
        traceback.print_exc()
        host.end('failed', 1, error={'code': 'pytorch', 'message': in_one_line(error), 'hint': ''})
    host.end('done', 0)


def prove(job, host):
    host.send('began', id='load', title='Loading')
    started = time.perf_counter()
    devices = load(job)
    import torch

    # From here on it has loaded; a part of it that is broken is told as such.
    found = f'PyTorch {torch.__version__}, {len(devices)} {"device" if len(devices) == 1 else "devices"}'
    tell(host, 'load', started, {'status': 'pass', 'found': found, 'advice': None})
    from tandem_trainer.checks import checks

    for id, title, check in checks(job['golden']):
        host.send('began', id=id, title=title)
        started = time.perf_counter()
        tell(host, id, started, finding_of(check, devices))


def load(job):
    """PyTorch, with what it is to compute on: this process sees its own GPUs alone, in this order."""
    import torch

    torch.set_num_threads(int(os.environ['OMP_NUM_THREADS']))
    gpus = [device for device in job['devices'] if device['kind'] == 'gpu']
    devices = [torch.device('cuda', place) for place in range(len(gpus))] or [torch.device('cpu')]
    for device in devices:
        torch.zeros(1, device=device).item()
    return devices


def finding_of(check, devices):
    """A check that cannot be made has failed; the others are made all the same."""
    try:
        return check(devices)
    except Exception as error:
        traceback.print_exc()
        return {'status': 'fail', 'found': in_one_line(error), 'advice': 'Install PyTorch again, and update the driver of a GPU.'}


def tell(host, id, started, finding):
    host.send('found', id=id, finding=finding, ms=1000 * (time.perf_counter() - started))


def sum_as_rank(job, host):
    device = load(job)[0]
    from tandem_trainer.checks import sums_by_size

    for summed in sums_by_size(job, device):
        host.send('summed', **summed)


def in_one_line(error):
    return ' '.join(f'{type(error).__name__}: {error}'.split())[:300]


if __name__ == '__main__':
    main()

#!/usr/bin/env python3
"""Runs a command as the ranks of a group, with the variables that torchrun sets: `launch.py WORLD COMMAND…`.

They meet in a store of this process's, on a socket that is bound to the loopback: a store that PyTorch opens itself
listens on all interfaces. Of a group on several machines it runs those of one, by `--node` and what goes with it; node 0
has the store, at the named address and nowhere else. Ends as the first rank that fails does, and ends the others then.
"""
import argparse
import os
import signal
import socket
import subprocess
import sys
import time

# From SIGTERM to SIGKILL, for ranks whose group is broken.
GRACE_SECONDS = 5
LOOPBACK = '127.0.0.1'


def main():
    place = read_place()
    store = None
    if place.node == 0:
        listener = listen(place.address, place.port)
        place.port = listener.getsockname()[1]
        store = open_store(listener, place)
    ranks = [start(place, local_rank) for local_rank in range(place.ranks)]
    signal.signal(signal.SIGTERM, lambda *_: end(ranks))
    code = wait(ranks)
    del store
    sys.exit(code)


def read_place():
    parser = argparse.ArgumentParser(prog='launch.py', allow_abbrev=False)
    parser.add_argument('--node', type=int, default=0, help='which of the machines this is')
    parser.add_argument('--nodes', type=int, default=1)
    parser.add_argument('--first-rank', type=int, default=0)
    parser.add_argument('--ranks', type=int, help='how many of them are here (default: all)')
    parser.add_argument('--address', default=LOOPBACK, help='where node 0 has the store')
    parser.add_argument('--port', type=int, default=0)
    parser.add_argument('world', type=int)
    parser.add_argument('command', nargs=argparse.REMAINDER)
    place = parser.parse_args()
    place.ranks = place.world if place.ranks is None else place.ranks
    return place


def listen(address, port):
    listener = socket.socket(socket.AF_INET6 if ':' in address else socket.AF_INET)
    listener.bind((address, port))
    listener.listen(128)
    return listener


def open_store(listener, place):
    from torch.distributed import TCPStore

    return TCPStore(
        place.address, place.port, is_master=True, wait_for_workers=False, master_listen_fd=listener.detach()
    )


def start(place, local_rank):
    rank = place.first_rank + local_rank
    environment = {
        **os.environ,
        'RANK': str(rank),
        'LOCAL_RANK': str(local_rank),
        'ROLE_RANK': str(rank),
        'GROUP_RANK': str(place.node),
        'WORLD_SIZE': str(place.world),
        'LOCAL_WORLD_SIZE': str(place.ranks),
        'ROLE_WORLD_SIZE': str(place.world),
        'GROUP_WORLD_SIZE': str(place.nodes),
        'ROLE_NAME': 'default',
        'MASTER_ADDR': place.address,
        'MASTER_PORT': str(place.port),
        'TORCHELASTIC_USE_AGENT_STORE': 'True',
        'TORCHELASTIC_RESTART_COUNT': '0',
        'TORCHELASTIC_MAX_RESTARTS': '0',
        'TORCHELASTIC_RUN_ID': 'tandem',
    }
    return subprocess.Popen(place.command, env=environment)


def wait(ranks):
    """0 once all have ended so; else the first other code, after the others were ended."""
    while True:
        codes = [rank.poll() for rank in ranks]
        failed = [code for code in codes if code not in (None, 0)]
        if failed:
            end(ranks)
            return failed[0] if failed[0] > 0 else 128 - failed[0]
        if None not in codes:
            return 0
        time.sleep(0.05)


def end(ranks):
    for rank in ranks:
        if rank.poll() is None:
            rank.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for rank in ranks:
        try:
            rank.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            rank.kill()


if __name__ == '__main__':
    main()

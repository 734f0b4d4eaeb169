#!/usr/bin/env python3
"""Runs a command as the ranks of a group, with the variables that torchrun sets: `launch.py WORLD COMMAND…`.

They meet in a store of this process's, on a socket that is bound to the loopback: a store that PyTorch opens itself
listens on all interfaces. Ends as the first rank that fails does, and ends the others then.
"""
import os
import signal
import socket
import subprocess
import sys
import time

# From SIGTERM to SIGKILL, for ranks whose group is broken.
GRACE_SECONDS = 5
HOST = '127.0.0.1'


def main():
    world, command = int(sys.argv[1]), sys.argv[2:]
    listener = socket.socket()
    listener.bind((HOST, 0))
    listener.listen(128)
    port = listener.getsockname()[1]
    store = open_store(listener, port)
    ranks = [start(command, rank, world, port) for rank in range(world)]
    signal.signal(signal.SIGTERM, lambda *_: end(ranks))
    code = wait(ranks)
    del store
    sys.exit(code)


def open_store(listener, port):
    from torch.distributed import TCPStore

    return TCPStore(HOST, port, is_master=True, wait_for_workers=False, master_listen_fd=listener.detach())


def start(command, rank, world, port):
    environment = {
        **os.environ,
        'RANK': str(rank),
        'LOCAL_RANK': str(rank),
        'ROLE_RANK': str(rank),
        'GROUP_RANK': '0',
        'WORLD_SIZE': str(world),
        'LOCAL_WORLD_SIZE': str(world),
        'ROLE_WORLD_SIZE': str(world),
        'GROUP_WORLD_SIZE': '1',
        'ROLE_NAME': 'default',
        'MASTER_ADDR': HOST,
        'MASTER_PORT': str(port),
        'TORCHELASTIC_USE_AGENT_STORE': 'True',
        'TORCHELASTIC_RESTART_COUNT': '0',
        'TORCHELASTIC_MAX_RESTARTS': '0',
        'TORCHELASTIC_RUN_ID': 'tandem',
    }
    return subprocess.Popen(command, env=environment)


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

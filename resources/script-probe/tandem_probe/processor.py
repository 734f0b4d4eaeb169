"""Keeps each rank on the cores of its device, at every world size, whoever started it.

TANDEM_CORES has a list of cores a rank, as in `0,1;2,3`; it is empty for GPUs.
"""
import os
import sys
import time

# What hooks take: what an interrupted one waits for is not its own work. Windows counts a thread's time in steps of 16 ms.
thread_seconds = time.perf_counter if sys.platform == 'win32' else time.thread_time


def pin_where_known():
    """Before the script's first line, where a launcher has said which rank this is, or there is only one."""
    ranks = cores_of_ranks()
    rank = os.environ.get('LOCAL_RANK') or os.environ.get('RANK')
    if len(ranks) == 1:
        pin(ranks[0])
    elif rank is not None and rank.isdigit() and int(rank) < len(ranks):
        pin(ranks[int(rank)])


def pin_rank(rank):
    ranks = cores_of_ranks()
    if rank < len(ranks):
        pin(ranks[rank])


def cores_of_ranks():
    text = os.environ.get('TANDEM_CORES', '')
    return [[int(core) for core in cores.split(',')] for cores in text.split(';')] if text else []


def pin(cores):
    """Threads that are there already as well: a process pins only those that start later."""
    if not hasattr(os, 'sched_setaffinity'):
        return
    try:
        threads = [int(name) for name in os.listdir('/proc/self/task')]
    except OSError:
        threads = [0]
    for thread in threads:
        try:
            os.sched_setaffinity(thread, cores)
        except OSError:
            # It has just ended, or these cores are not this process's to choose.
            pass

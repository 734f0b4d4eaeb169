"""Ends a process that has been measured long enough: first what it has started, then itself."""
import os
import sys
import weakref

# For the other ranks, which are at the same step.
MOST_WAIT_SECONDS = 30

_iterators = weakref.WeakSet()


def remember(iterator):
    _iterators.add(iterator)


def end_loaders():
    """Loader workers, and the queues that they share: ended by itself, a process would leave their semaphores behind."""
    for iterator in list(_iterators):
        shut_down = getattr(iterator, '_shutdown_workers', None)
        if shut_down is not None:
            shut_down()
    import multiprocessing
    from multiprocessing import util
    for child in multiprocessing.active_children():
        if child.daemon:
            child.terminate()
    util._run_finalizers()


def end_process():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            # The script has closed it.
            pass
    os._exit(0)

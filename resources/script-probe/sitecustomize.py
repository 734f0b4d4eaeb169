"""Python loads this at the start of each process of a measured script: ranks, launchers and data workers alike.

It stands in nobody's way: a `sitecustomize` that is there without Tandem runs after it.
"""
import importlib.machinery
import importlib.util
import os
import sys

here = os.path.dirname(os.path.abspath(__file__))


def run_the_other_one():
    elsewhere = [place for place in sys.path if os.path.abspath(place) != here]
    spec = importlib.machinery.PathFinder.find_spec('sitecustomize', elsewhere)
    if spec is None or spec.loader is None:
        return
    module = importlib.util.module_from_spec(spec)
    sys.modules['sitecustomize'] = module
    spec.loader.exec_module(module)


def outlive_the_group():
    """For multiprocessing's tracker, which removes the semaphores of processes that were killed, and ends when all are gone:
    it must not be killed with their group."""
    if hasattr(os, 'setpgid') and any('multiprocessing.resource_tracker' in word for word in getattr(sys, 'orig_argv', ())):
        os.setpgid(0, 0)


outlive_the_group()

if os.environ.get('TANDEM_SOCKET') and os.environ.get('TANDEM_TOKEN'):
    import tandem_probe.start

    tandem_probe.start.wait_for_torch()

run_the_other_one()

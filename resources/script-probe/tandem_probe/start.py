"""What happens in a process before its script: almost nothing, until something that can be measured is imported."""
import importlib.abc
import importlib.util
import os
import sys
import time

STARTED = time.perf_counter()


class AfterImport(importlib.abc.MetaPathFinder):
    """Calls a function once a module has been imported, for each module that one is given for."""

    def __init__(self, then):
        self._then = then

    def find_spec(self, name, path=None, target=None):
        call = self._then.pop(name, None)
        if call is None:
            return None
        # Not asked again for this name, so the finders after it answer.
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def execute_and_call(module):
            execute(module)
            call()

        spec.loader.exec_module = execute_and_call
        return spec


def wait_for_torch():
    from . import processor

    processor.pin_where_known()
    sys.meta_path.insert(0, AfterImport({
        'torch': hook_torch,
        'torch.distributed.fsdp': lambda: hooks().watch_sharding(),
        'deepspeed': lambda: hooks().watch_deepspeed(),
        'accelerate.data_loader': lambda: hooks().watch_accelerate(),
    }))


def hook_torch():
    hooks().watch_torch()


def hooks():
    find_trainer()
    from . import hooks
    return hooks


def find_trainer():
    """Makes Tandem's own trainer importable, whose conversation with the host is this one's too, without a new place on
    the script's path."""
    if 'tandem_trainer' in sys.modules:
        return
    here = os.path.dirname(os.path.abspath(__file__))
    folder = os.path.join(here, '..', '..', 'pytorch', 'tandem_trainer')
    spec = importlib.util.spec_from_file_location(
        'tandem_trainer', os.path.join(folder, '__init__.py'), submodule_search_locations=[folder]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules['tandem_trainer'] = module
    spec.loader.exec_module(module)

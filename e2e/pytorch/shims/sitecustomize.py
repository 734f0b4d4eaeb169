"""A shim of PyTorch: breaks a part of it as soon as it has been imported, in every Python that starts with this folder on its path."""
import importlib.abc
import importlib.machinery
import os
import signal
import sys

FAULT = os.environ.get('PLANTED_FAULT', '')


def refuse_to_load(torch):
    raise OSError('libtorch_cpu.so: undefined symbol: _ZN2at6detail')


def wrong_sum(torch):
    real = torch.distributed.all_reduce
    torch.distributed.all_reduce = lambda values, *rest, **options: (real(values, *rest, **options), values.add_(1))


def crash_in_sum(torch):
    torch.distributed.all_reduce = lambda *_, **__: os.kill(os.getpid(), signal.SIGSEGV)


def without_gloo(torch):
    def refuse(*_, **__):
        raise RuntimeError('gloo is not built in')
    torch.distributed.init_process_group = refuse


plant = {'load': refuse_to_load, 'wrong-sum': wrong_sum, 'crash': crash_in_sum, 'no-gloo': without_gloo}.get(FAULT)


class Shim(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Lets the real loader do its work, and breaks what came of it."""

    def find_spec(self, name, path=None, target=None):
        if name != 'torch':
            return None
        sys.meta_path.remove(self)
        self.real = importlib.machinery.PathFinder.find_spec(name, path)
        spec = importlib.machinery.ModuleSpec(name, self, origin=self.real.origin, is_package=True)
        spec.submodule_search_locations = self.real.submodule_search_locations
        spec.has_location = True
        return spec

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        self.real.loader.exec_module(module)
        plant(module)


if plant is not None:
    sys.meta_path.insert(0, Shim())

"""What a measured script can tell Tandem by itself. Nothing here has to be used: see docs/guide/measure-your-script.md.

The package is there only while Tandem measures, so import it in a `try`.
"""


def step(samples):
    """An optimiser step has been made on `samples` samples by this process: for scripts without an optimiser of PyTorch's."""
    _session().step_by_hand(samples)


def report(loss=None, samples=None):
    """Of the step under way: its loss, to be drawn, and how many samples it has where no DataLoader tells."""
    _session().report(loss, samples)


def _session():
    from . import session
    return session.current()

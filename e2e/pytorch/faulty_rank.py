#!/usr/bin/env python3
"""A rank of resources/pytorch. Rank 1 does in its first epoch what PYTORCH_FAULT says, or is absent from the first meeting."""
import ctypes
import os
import pathlib
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'resources' / 'pytorch'))

import train  # noqa: E402


def raises():
    raise RuntimeError('the batch is upside down')


def hangs():
    while True:
        time.sleep(1)


def is_killed():
    os.kill(os.getpid(), signal.SIGKILL)


def is_deaf():
    """Neither SIGTERM nor a thread of Python's reaches it: a native call that keeps the interpreter to itself."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    ctypes.PyDLL(None).sleep(1000)


def prints():
    for _ in range(100):
        sys.stdout.write(('x' * 63 + '\n') * 2**14)


FAULTS = {'raises': raises, 'hangs': hangs, 'killed': is_killed, 'deaf': is_deaf, 'prints': prints}


def main():
    if sys.argv[1] == '1':
        create_strategy = train.create_strategy

        def create_with_fault(job):
            if os.environ['PYTORCH_FAULT'] == 'absent':
                hangs()
            from tandem_trainer import training
            train_one_epoch = training.train_one_epoch

            def faulty_epoch(*arguments):
                pathlib.Path(os.environ['PYTORCH_FAULT_AT']).touch()
                FAULTS[os.environ['PYTORCH_FAULT']]()
                return train_one_epoch(*arguments)

            training.train_one_epoch = faulty_epoch
            return create_strategy(job)

        train.create_strategy = create_with_fault
    train.main()


if __name__ == '__main__':
    main()

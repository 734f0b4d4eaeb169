#!/usr/bin/env python3
"""A rank of Tandem's PyTorch engine that may be slower in its backward pass.

Tandem starts it in place of resources/pytorch/train.py. The rank that TANDEM_BENCH_SLOW_RANK names takes longer, by the
share in TANDEM_BENCH_SLOWER, between each of its own gradients and the next, as a slower core would.
"""
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "resources" / "pytorch"))

import train  # noqa: E402


def slow_down(share):
    from tandem_trainer.strategies import OwnGradients

    hear = OwnGradients._hear
    heard_at = 0.0

    def slow_hear(self, gradient):
        nonlocal heard_at
        if self.heard > 0:
            until = time.perf_counter() + share * (time.perf_counter() - heard_at)
            while time.perf_counter() < until:
                pass
        hear(self, gradient)
        heard_at = time.perf_counter()

    OwnGradients._hear = slow_hear


def main():
    if os.environ.get("TANDEM_BENCH_SLOW_RANK") != sys.argv[1]:
        train.main()
        return
    create_strategy = train.create_strategy

    def create_slow(job):
        slow_down(float(os.environ["TANDEM_BENCH_SLOWER"]))
        return create_strategy(job)

    train.create_strategy = create_slow
    train.main()


if __name__ == "__main__":
    main()

"""Marks in time that cost nothing where they are made, and are read later.

A mark on CPUs is a reading of the clock. On CUDA it is an event in the stream: the host runs ahead, and reading an
event before it has happened would make it wait, which changes what is measured.
"""
import os
import sys
import time

import torch


def _wall_minus_monotonic():
    """The host's offset where both read the same clock, so that nothing done to the wall clock sets them apart; else the
    wall clock once, and from then on a clock that does not jump."""
    given = os.environ.get('TANDEM_CLOCK_OFFSET_MS', '')
    if sys.platform == 'linux' and given:
        return float(given) / 1000
    return time.time() - time.perf_counter()


WALL_MINUS_MONOTONIC = _wall_minus_monotonic()


def now_ms():
    """Milliseconds since the Unix epoch, comparable between processes of a machine."""
    return 1000 * (WALL_MINUS_MONOTONIC + time.perf_counter())


class CpuClock:
    mark = staticmethod(time.perf_counter)

    def begin_epoch(self):
        return self.mark()

    def has_passed(self, mark):
        return True

    def milliseconds(self, mark):
        return 1000 * (WALL_MINUS_MONOTONIC + mark)

    def finish(self):
        pass


class CudaClock:
    """Of one device. `begin_epoch` and `finish` wait for the device; nothing between them does."""

    def __init__(self, device):
        self.device = device
        self.origin = None
        self.origin_ms = 0.0

    def begin_epoch(self):
        """Ties the device's clock to the host's, anew each epoch, since they drift."""
        torch.cuda.synchronize(self.device)
        self.origin = self.mark()
        self.origin.synchronize()
        self.origin_ms = now_ms()
        return self.origin

    def mark(self):
        event = torch.cuda.Event(enable_timing=True)
        event.record(torch.cuda.current_stream(self.device))
        return event

    def has_passed(self, mark):
        return mark.query()

    def milliseconds(self, mark):
        return self.origin_ms + self.origin.elapsed_time(mark)

    def finish(self):
        torch.cuda.synchronize(self.device)

#!/usr/bin/env python3
"""The same training step in PyTorch: what Tandem's images per second are held against.

    python3 bench/peers/train.py --stem torchvision --batch 256 --cores 0 --precision fp32 --steps 10

A rank a core, each pinned to its own and with one thread, like Tandem's CPU devices; several of them are DDP over
gloo. channels_last, in eager mode unless `--compile` says otherwise. Every step reads its loss, as a training loop does; its batch is made once, so
that no data loader is on the clock. `--compile` has torch.compile's inductor compile the model, forward and backward, in the
first step, which is never on the clock. Prints one line of JSON: rank 0's median step time in milliseconds without the
first `--warmup` steps, and the most resident memory that it had.
"""
import argparse
import json
import os
import resource
import statistics
import sys
import time

import torch
import torchvision
from torch import nn


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--stem", choices=["torchvision", "cifar"], default="torchvision")
    parser.add_argument("--batch", type=int, default=256, help="images a step and rank")
    parser.add_argument("--cores", default="0", help="one a rank, joined by commas")
    parser.add_argument("--precision", choices=["fp32", "mixed"], default="fp32")
    parser.add_argument("--compile", choices=["off", "default", "max-autotune"], default="off")
    parser.add_argument("--warmup", type=int, default=2)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--port", type=int, default=29555)
    return parser.parse_args()


def build(stem):
    model = torchvision.models.resnet18(num_classes=10)
    if stem == "cifar":
        model.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
        model.maxpool = nn.Identity()
    return model.to(memory_format=torch.channels_last)


def pin(core):
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})
    torch.set_num_threads(1)


def train(rank, options, cores):
    pin(cores[rank])
    torch.manual_seed(0)
    model = build(options.stem)
    if len(cores) > 1:
        os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(options.port))
        torch.distributed.init_process_group("gloo", rank=rank, world_size=len(cores))
        model = nn.parallel.DistributedDataParallel(model)
    if options.compile != "off":
        model = torch.compile(model, mode=options.compile)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4)
    images = torch.randn(options.batch, 3, 32, 32).contiguous(memory_format=torch.channels_last)
    labels = torch.randint(0, 10, (options.batch,))
    criterion = nn.CrossEntropyLoss()
    step_ms = []
    for _ in range(options.warmup + options.steps):
        started = time.perf_counter()
        optimizer.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=options.precision == "mixed"):
            loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        loss.item()
        step_ms.append((time.perf_counter() - started) * 1000)
    if rank == 0:
        median = statistics.median(step_ms[options.warmup :])
        print(json.dumps({"stepMs": median, "peakMemoryBytes": peak_memory_bytes()}))
    if len(cores) > 1:
        torch.distributed.destroy_process_group()


def peak_memory_bytes():
    """Linux counts in KiB, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def main():
    options = parse()
    cores = [int(core) for core in options.cores.split(",")]
    if len(cores) == 1:
        train(0, options, cores)
    else:
        torch.multiprocessing.spawn(train, (options, cores), len(cores))


if __name__ == "__main__":
    main()

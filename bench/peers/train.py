#!/usr/bin/env python3
"""The same training step in PyTorch: what Tandem's images per second are held against.

    python3 bench/peers/train.py --stem torchvision --batch 256 --world-size 1 --precision fp32 --steps 12

One thread a rank, each rank pinned to one core, like Tandem's CPU devices; DDP runs over gloo. Every step reads
its loss, as a training loop does. Prints one line of JSON: the median step time of rank 0 in milliseconds, the
first two steps left out.
"""
import argparse
import json
import os
import statistics
import time

import torch
import torchvision
from torch import nn


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--stem", choices=["torchvision", "cifar"], default="torchvision")
    parser.add_argument("--batch", type=int, default=256, help="images a step and rank")
    parser.add_argument("--world-size", type=int, default=1)
    parser.add_argument("--precision", choices=["fp32", "mixed"], default="fp32")
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--port", type=int, default=29555)
    return parser.parse_args()


def build(stem):
    model = torchvision.models.resnet18(num_classes=10)
    if stem == "cifar":
        model.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
        model.maxpool = nn.Identity()
    return model.to(memory_format=torch.channels_last)


def train(rank, options):
    os.sched_setaffinity(0, {rank % os.cpu_count()})
    torch.set_num_threads(1)
    torch.manual_seed(0)
    model = build(options.stem)
    if options.world_size > 1:
        os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(options.port))
        torch.distributed.init_process_group("gloo", rank=rank, world_size=options.world_size)
        model = nn.parallel.DistributedDataParallel(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
    images = torch.randn(options.batch, 3, 32, 32).contiguous(memory_format=torch.channels_last)
    labels = torch.randint(0, 10, (options.batch,))
    criterion = nn.CrossEntropyLoss()
    step_ms = []
    for _ in range(options.steps):
        started = time.perf_counter()
        optimizer.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=options.precision == "mixed"):
            loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        loss.item()
        step_ms.append((time.perf_counter() - started) * 1000)
    if rank == 0:
        median = statistics.median(step_ms[2:])
        print(json.dumps({"torch": torch.__version__, "stepMs": median}))
    if options.world_size > 1:
        torch.distributed.destroy_process_group()


if __name__ == "__main__":
    arguments = parse()
    if arguments.world_size == 1:
        train(0, arguments)
    else:
        torch.multiprocessing.spawn(train, (arguments,), arguments.world_size)

#!/usr/bin/env python3
"""A training script that switches Tandem's probe off and on again while it trains: pairs of blocks in random order, all in
one process. Writes what the steps of each block took; bench/script-probe.mjs has it measured.
"""
import argparse
import json
import random
import time

import torch
from torch import nn
from torch.optim.optimizer import _global_optimizer_post_hooks
from torch.utils.data import DataLoader, TensorDataset, dataloader

# Whatever the first steps prepare, the probe's warm-up included, is no part of a block.
SETTLING_STEPS = 30


class Probe:
    """All that the probe hooks: it keeps what it replaces, and the hooks that PyTorch itself calls are in dictionaries."""

    def __init__(self, parameters):
        places = [
            (torch.autograd, 'backward'),
            (DataLoader, '__iter__'),
            (dataloader._BaseDataLoaderIter, '__next__'),
            (torch.amp.GradScaler, 'step'),
        ]
        self._replaced = [(owner, name, getattr(owner, name)) for owner, name in places]
        hooks = [_global_optimizer_post_hooks, *(parameter._backward_hooks for parameter in parameters)]
        self._hooks = [(entries, dict(entries)) for entries in hooks if entries]

    def switch(self, is_on):
        for owner, name, hooked in self._replaced:
            setattr(owner, name, hooked if is_on else hooked.__wrapped__)
        for entries, all_of_them in self._hooks:
            entries.clear()
            if is_on:
                entries.update(all_of_them)


def tiny():
    """Steps of under a millisecond, in which a hook is as much as it can be."""
    model = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 10))
    return model, TensorDataset(torch.randn(512, 20), torch.randint(0, 10, (512,))), 8


def resnet18():
    """Steps of a usual length, after which no cache has anything of a hook's."""
    from torchvision.models import resnet18

    return resnet18(num_classes=10), TensorDataset(torch.randn(64, 3, 32, 32), torch.randint(0, 10, (64,))), 8


def in_group(model):
    from torch import distributed

    distributed.init_process_group('gloo', store=distributed.HashStore(), rank=0, world_size=1)
    return nn.parallel.DistributedDataParallel(model)


def endless(loader):
    while True:
        yield from loader


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--model', choices=['tiny', 'resnet18'], required=True)
    parser.add_argument('--ddp', action='store_true')
    parser.add_argument('--pairs', type=int, required=True)
    parser.add_argument('--steps', type=int, required=True)
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--output', required=True)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    draw = random.Random(options.seed)
    model, dataset, batch_size = {'tiny': tiny, 'resnet18': resnet18}[options.model]()
    if options.ddp:
        model = in_group(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-4, momentum=0.9)
    criterion = nn.CrossEntropyLoss()
    batches = endless(DataLoader(dataset, batch_size=batch_size))

    def train(steps):
        """Milliseconds a step, by the clock, and of the processor."""
        begun, used = time.perf_counter(), time.process_time()
        for _ in range(steps):
            inputs, labels = next(batches)
            optimizer.zero_grad()
            criterion(model(inputs), labels).backward()
            optimizer.step()
        return {
            'wallMs': 1000 * (time.perf_counter() - begun) / steps,
            'processorMs': 1000 * (time.process_time() - used) / steps,
        }

    train(SETTLING_STEPS)
    probe = Probe(list(model.parameters()))
    pairs = []
    for _ in range(options.pairs):
        pair = {}
        for is_on in draw.sample([True, False], 2):
            probe.switch(is_on)
            pair['on' if is_on else 'off'] = train(options.steps)
        pairs.append(pair)
    with open(options.output, 'w') as file:
        json.dump(pairs, file)
    probe.switch(True)
    while True:
        train(options.steps)


if __name__ == '__main__':
    main()

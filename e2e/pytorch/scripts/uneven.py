"""DDP in which a rank may be slower than the others: `uneven.py backward|loader|nothing RANK SHARE`.

`backward` takes longer by SHARE between each layer's gradient and the next, as a slower core would; `loader` waits as long
for each batch as SHARE of a step.
"""
import os
import sys
import time

import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, Dataset

what, slow_rank, share = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
is_slow = int(os.environ['RANK']) == slow_rank
WIDTH, LAYERS, BATCH = 512, 6, 256


class Slower(torch.autograd.Function):
    """The same values, and gradients that come later."""

    since = 0.0

    @staticmethod
    def forward(context, inputs):
        return inputs.view_as(inputs)

    @staticmethod
    def backward(context, gradient):
        until = time.perf_counter() + share * (time.perf_counter() - Slower.since)
        while time.perf_counter() < until:
            pass
        Slower.since = time.perf_counter()
        return gradient


class Pictures(Dataset):
    step_seconds = 0.0

    def __len__(self):
        return 100 * BATCH

    def __getitem__(self, index):
        if what == 'loader' and is_slow and index % BATCH == 0:
            time.sleep(share * Pictures.step_seconds)
        return torch.full((WIDTH,), index / (100 * BATCH)), index % 10


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(WIDTH, WIDTH) for _ in range(LAYERS))
        self.last = nn.Linear(WIDTH, 10)

    def forward(self, inputs):
        for layer in self.layers:
            inputs = torch.relu(layer(inputs))
            if what == 'backward' and is_slow:
                inputs = Slower.apply(inputs)
        return self.last(inputs)


torch.distributed.init_process_group('gloo')
model = DistributedDataParallel(Network())
optimizer, criterion = torch.optim.SGD(model.parameters(), lr=0.01), nn.CrossEntropyLoss()
first_steps = []
for _ in range(1000):
    for inputs, labels in DataLoader(Pictures(), batch_size=BATCH):
        began = time.perf_counter()
        optimizer.zero_grad()
        loss = criterion(model(inputs), labels)
        Slower.since = time.perf_counter()
        loss.backward()
        optimizer.step()
        # The very first ones prepare much.
        if len(first_steps) < 4:
            first_steps.append(time.perf_counter() - began)
            if len(first_steps) == 4:
                Pictures.step_seconds = min(first_steps)

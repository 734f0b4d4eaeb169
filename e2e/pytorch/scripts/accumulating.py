"""Four backward passes a step, of which the last one exchanges gradients."""
import contextlib
import os

import torch
from small import EPOCHS, criterion, loader, network, sgd
from torch.nn.parallel import DistributedDataParallel

model = network()
in_group = int(os.environ.get('WORLD_SIZE', '1')) > 1
if in_group:
    torch.distributed.init_process_group('gloo')
    model = DistributedDataParallel(model)
optimizer = sgd(model)
for _ in range(EPOCHS):
    for index, (inputs, labels) in enumerate(loader()):
        is_last = index % 4 == 3
        with contextlib.nullcontext() if is_last or not in_group else model.no_sync():
            criterion(model(inputs), labels).backward()
        if is_last:
            optimizer.step()
            optimizer.zero_grad()

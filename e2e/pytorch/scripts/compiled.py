"""torch.compile of the model, or of the whole step: `compiled.py model|step`."""
import sys

import torch
from small import EPOCHS, criterion, loader, network, sgd

model = network()
optimizer = sgd(model)
if sys.argv[1] == 'model':
    model = torch.compile(model, backend='aot_eager')


def step(inputs, labels):
    optimizer.zero_grad()
    criterion(model(inputs), labels).backward()
    optimizer.step()


if sys.argv[1] == 'step':
    step = torch.compile(step, backend='aot_eager')
for _ in range(EPOCHS):
    for inputs, labels in loader():
        step(inputs, labels)

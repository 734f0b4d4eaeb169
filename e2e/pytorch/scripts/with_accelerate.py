"""Accelerate's loop; `with_accelerate.py dispatch` has one rank read for all."""
import sys

from accelerate import Accelerator
from small import EPOCHS, criterion, dataset, network, sgd
from torch.utils.data import DataLoader, IterableDataset


class Stream(IterableDataset):
    def __iter__(self):
        while True:
            yield from dataset()


accelerator = Accelerator(cpu=True)
model = network()
data = Stream() if 'dispatch' in sys.argv else dataset()
model, optimizer, batches = accelerator.prepare(model, sgd(model), DataLoader(data, batch_size=8))
for _ in range(EPOCHS):
    for inputs, labels in batches:
        optimizer.zero_grad()
        accelerator.backward(criterion(model(inputs), labels))
        optimizer.step()

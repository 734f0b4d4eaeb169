"""Batches that a loader does not have, or has in its own way: `batches.py HOW`. As ranks by torchrun's variables."""
import itertools
import os
import sys

import torch
from small import EPOCHS, criterion, dataset, loader, network, sgd
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader

how = sys.argv[1]
is_group = int(os.environ.get('WORLD_SIZE', '1')) > 1


def drawn():
    while True:
        yield torch.randn(8, 20), torch.randint(0, 10, (8,))


def fetched(**options):
    for _ in range(EPOCHS):
        yield from loader(**options)


def partly():
    """Every fifth batch is drawn."""
    for batches in itertools.zip_longest(*[fetched()] * 4):
        yield from batches
        yield next(drawn())


def sentences():
    for words in itertools.cycle(DataLoader(['some words'] * 64, batch_size=8)):
        yield torch.randn(len(words), 20), torch.randint(0, 10, (len(words),))


class Batch:
    """Leads back to itself, and has no tensor."""
    shape = property(lambda self: 'unknown')

    def __init__(self, samples):
        self.owner, self.size = self, len(samples)


def objects():
    for batch in itertools.cycle(DataLoader(dataset(64), batch_size=8, collate_fn=Batch)):
        yield torch.randn(batch.size, 20), torch.randint(0, 10, (batch.size,))


def arrays():
    def collate(samples):
        inputs, labels = zip(*samples)
        return {'inputs': torch.stack(inputs).numpy(), 'labels': torch.stack(labels).numpy()}

    for batch in fetched(collate_fn=collate):
        yield torch.from_numpy(batch['inputs']), torch.from_numpy(batch['labels'])


def pictures():
    """Not stacked: a list of pictures, and one of what is on them."""
    def collate(samples):
        marks = [{'boxes': torch.zeros(index + 1, 4), 'labels': torch.zeros(index + 1)} for index in range(len(samples))]
        return tuple(torch.zeros(3, 5, 4) for _ in samples), tuple(marks)

    for images, _ in fetched(collate_fn=collate):
        yield torch.randn(len(images), 20), torch.randint(0, 10, (len(images),))


batches = {
    'drawn': drawn,
    'partly': partly,
    'sentences': sentences,
    'objects': objects,
    'arrays': arrays,
    'pictures': pictures,
    'fetched-alone': drawn if is_group else fetched,
}[how]()
model = network()
if is_group:
    torch.distributed.init_process_group('gloo')
    model = DistributedDataParallel(model)
optimizer = sgd(model)
for inputs, labels in batches:
    optimizer.zero_grad()
    criterion(model(inputs), labels).backward()
    optimizer.step()

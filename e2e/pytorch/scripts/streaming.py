"""An IterableDataset without an end, whose samples are dicts."""
import torch
from small import criterion, network, sgd
from torch.utils.data import DataLoader, IterableDataset


class Stream(IterableDataset):
    def __iter__(self):
        while True:
            yield {'name': 'nothing', 'input': torch.randn(20), 'label': torch.tensor(1)}


model = network()
optimizer = sgd(model)
for batch in DataLoader(Stream(), batch_size=8):
    optimizer.zero_grad()
    criterion(model(batch['input']), batch['label']).backward()
    optimizer.step()

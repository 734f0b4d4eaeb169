"""Evaluates after every fifth step, under no_grad around the model alone."""
import torch
from small import EPOCHS, criterion, loader, network, sgd

model = network()
optimizer = sgd(model)
for _ in range(EPOCHS):
    for index, (inputs, labels) in enumerate(loader()):
        optimizer.zero_grad()
        criterion(model(inputs), labels).backward()
        optimizer.step()
        if index % 5 == 4:
            for unseen, _ in loader():
                with torch.no_grad():
                    model(unseen)

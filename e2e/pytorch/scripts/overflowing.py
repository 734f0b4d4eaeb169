"""A GradScaler that leaves out every fourth step."""
import torch
from small import EPOCHS, criterion, loader, network, sgd

model = network()
optimizer = sgd(model)
scaler = torch.amp.GradScaler('cpu', init_scale=2.0, growth_interval=100_000)
steps = 0
for _ in range(EPOCHS):
    for inputs, labels in loader():
        optimizer.zero_grad()
        scaler.scale(criterion(model(inputs), labels)).backward()
        steps += 1
        if steps % 4 == 0:
            model[0].weight.grad[0, 0] = float('inf')
        scaler.step(optimizer)
        scaler.update()

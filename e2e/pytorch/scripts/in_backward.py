"""Steps inside the backward pass, with an optimizer for each parameter."""
import torch
from small import EPOCHS, criterion, loader, network

model = network()
optimizers = {parameter: torch.optim.SGD([parameter], lr=0.01) for parameter in model.parameters()}


def step(parameter):
    optimizers[parameter].step()
    optimizers[parameter].zero_grad()


for parameter in model.parameters():
    parameter.register_post_accumulate_grad_hook(step)
for _ in range(EPOCHS):
    for inputs, labels in loader():
        criterion(model(inputs), labels).backward()

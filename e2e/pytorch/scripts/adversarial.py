"""Two optimizers, and three backward passes with one batch."""
import torch
from small import EPOCHS, loader
from torch import nn

generator, critic = nn.Linear(4, 20), nn.Linear(20, 1)
of_generator = torch.optim.Adam(generator.parameters())
of_critic = torch.optim.Adam(critic.parameters())
for _ in range(EPOCHS):
    for real, _ in loader():
        of_critic.zero_grad()
        critic(real).mean().backward()
        (-critic(generator(torch.randn(8, 4)).detach()).mean()).backward()
        of_critic.step()
        of_generator.zero_grad()
        critic(generator(torch.randn(8, 4))).mean().backward()
        of_generator.step()

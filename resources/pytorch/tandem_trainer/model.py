"""The networks: torchvision's classifiers for CIFAR-10's 10 classes."""
import inspect

import torch
import torchvision
from torch import nn

from .dataset import CLASSES, SIDE

MEAN = (0.4914, 0.4822, 0.4465)
STANDARD_DEVIATION = (0.247, 0.2435, 0.2616)


class UnsuitableModel(Exception):
    """A model that cannot be had, or not for these pictures."""


def get_model(name, stem='torchvision'):
    """Any classifier of torchvision by its name. `stem` 'cifar' begins a ResNet with a 3x3 convolution and no pooling."""
    if name not in model_names():
        raise UnsuitableModel(f'torchvision {torchvision.__version__} has no classifier named {name}')
    builder = torchvision.models.get_model_builder(name)
    options = {'num_classes': CLASSES, 'weights': None}
    # A vision transformer is built for one size of pictures; Inception's second classifier is for larger ones.
    for option, value in (('image_size', SIDE), ('aux_logits', False)):
        if takes(builder, option):
            options[option] = value
    model = builder(**options)
    if stem == 'cifar':
        if not isinstance(model, torchvision.models.ResNet):
            raise UnsuitableModel(f'{name} is no ResNet, so it has no stem to replace')
        model.conv1 = nn.Conv2d(3, model.conv1.out_channels, kernel_size=3, stride=1, padding=1, bias=False)
        nn.init.kaiming_normal_(model.conv1.weight, mode='fan_out', nonlinearity='relu')
        model.maxpool = nn.Identity()
    return model


def model_names():
    return torchvision.models.list_models(module=torchvision.models)


def takes(builder, option):
    """Whether a builder has this option, or hands it on to one that has: vision transformers do."""
    if option in inspect.signature(builder).parameters:
        return True
    return option == 'image_size' and 'vision_transformer' in builder.__module__


class Normalise(nn.Module):
    """uint8 pictures [N, 3, 32, 32] to float32 of mean 0 and deviation 1, on the device that computes."""

    def __init__(self):
        super().__init__()
        self.register_buffer('mean', 255 * torch.tensor(MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer('deviation', 255 * torch.tensor(STANDARD_DEVIATION).view(1, 3, 1, 1), persistent=False)

    def forward(self, images):
        return (images.float() - self.mean) / self.deviation

"""The weights, pictures and labels of the golden values, and training steps from them.

Element `i` of stream `s` is u = hash4(SEED, s, i, 0)[0] / 2**32. Streams 0, 1, ... are the parameters in the model's
order, 1000, 1001, ... the batch-norm buffers, 2000 the pixels and 2001 the labels. Elements are counted in Tandem's
layouts: filters [kh, kw, in, out], linear weights [in, out], pictures NHWC. src/trainer/golden/formula.ts does the same.
"""
import math

import numpy
import torch

from .dataset import CLASSES, SIDE
from .model import Normalise, get_model
from .random_numbers import hash4

SEED = 20_260_101


def uniform(stream, count):
    return hash4(SEED, stream, numpy.arange(count), 0)[0] / 2.0**32


def golden_parameter(name, stream, shape):
    """Values in Tandem's layout, rounded to float32."""
    spread = 2 * uniform(stream, math.prod(shape)) - 1
    if len(shape) == 4:
        values = math.sqrt(6 / (shape[0] * shape[1] * shape[3])) * spread
    elif name.startswith('fc.'):
        values = 1 / math.sqrt(512) * spread
    elif name.endswith('.weight'):
        values = 1 + 0.2 * spread
    else:
        values = 0.1 * spread
    return values.astype(numpy.float32).reshape(shape)


def golden_buffer(name, stream, size):
    spread = 2 * uniform(stream, size) - 1
    values = 1 + 0.2 * spread if name.endswith('running_var') else 0.1 * spread
    return values.astype(numpy.float32)


def to_torch(values):
    """Tandem's layout to PyTorch's."""
    if values.ndim == 4:
        return values.permute(3, 2, 0, 1)
    return values.t() if values.ndim == 2 else values


def from_torch(values):
    """PyTorch's layout to Tandem's."""
    if values.ndim == 4:
        return values.permute(2, 3, 1, 0)
    return values.t() if values.ndim == 2 else values


def statistics(model):
    return [(name, buffer) for name, buffer in model.named_buffers() if 'running' in name]


@torch.no_grad()
def assign_weights(model):
    """Overwrites all parameters and running statistics."""
    for stream, (name, parameter) in enumerate(model.named_parameters()):
        values = golden_parameter(name, stream, tuple(from_torch(parameter).shape))
        parameter.copy_(to_torch(torch.from_numpy(values)))
    for stream, (name, buffer) in enumerate(statistics(model)):
        buffer.copy_(torch.from_numpy(golden_buffer(name, 1000 + stream, buffer.numel())))


def pictures(count):
    """uint8 pictures [N, 3, 32, 32] and their classes."""
    pixels = hash4(SEED, 2000, numpy.arange(count * SIDE * SIDE * 3), 0)[0] % 256
    labels = hash4(SEED, 2001, numpy.arange(count), 0)[0] % CLASSES
    images = torch.from_numpy(pixels.astype(numpy.uint8).reshape(count, SIDE, SIDE, 3))
    return images.permute(0, 3, 1, 2).contiguous(), torch.from_numpy(labels.astype(numpy.int64))


def train(case, device):
    """The steps of a golden file in float32. Returns the first step's logits, row by row, and each step's loss."""
    model = get_model(case['modelName'], case['stem'])
    assign_weights(model)
    model.to(device).train()
    images, labels = pictures(case['batchSize'])
    images, labels = Normalise().to(device)(images.to(device)), labels.to(device)
    rate, momentum, decay = (case['optimizer'][name] for name in ('learningRate', 'momentum', 'weightDecay'))
    optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=momentum, weight_decay=decay)
    logits, losses = None, []
    for _ in range(case['steps']):
        optimizer.zero_grad()
        output = model(images)
        loss = torch.nn.functional.cross_entropy(output, labels)
        loss.backward()
        optimizer.step()
        logits = output.detach().flatten().tolist() if logits is None else logits
        losses.append(loss.item())
    return {'logits': logits, 'losses': losses}

#!/usr/bin/env python3
"""Makes the golden values that Tandem's backends are tested against, with PyTorch and torchvision.

    python3 bench/peers/golden.py src/trainer/golden && npx biome format --write src/trainer/golden

Weights, pictures and labels come from a counter formula that src/trainer/golden/formula.ts repeats: element
`i` of stream `s` is u = hash4(SEED, s, i, 0)[0] / 2**32 (src/shared/random.ts; pcg4d). Streams 0, 1, ... are the
parameters in the model's order, 1000, 1001, ... the batch-norm buffers, 2000 the pixels and 2001 the labels.
Elements are counted in Tandem's layouts: filters [kh, kw, in, out], linear weights [in, out], pictures NHWC.

The reference runs in float64. How far PyTorch's own float32 run is from it is printed: the tolerances of the
tests rest on that.
"""
import json
import math
import pathlib
import sys

import numpy
import torch
import torchvision

SEED = 20_260_101
BATCH = 8
CLASSES = 10
SAMPLES = 3
MEAN = (0.4914, 0.4822, 0.4465)
STANDARD_DEVIATION = (0.247, 0.2435, 0.2616)
# A smaller rate than Tandem's own 0.1, at which rounding differences grow a hundredfold in three steps, and a
# larger weight decay than 5e-4, which would be lost among them.
OPTIMIZER = {'learningRate': 0.01, 'momentum': 0.9, 'weightDecay': 0.05}
CASES = [('resnet18', 'torchvision', 3), ('resnet18', 'cifar', 3), ('resnet34', 'torchvision', 1)]


def hash4(a, b, c, d):
    """pcg4d's first word for every element of the array `c`."""
    with numpy.errstate(over='ignore'):
        words = [numpy.broadcast_to(numpy.asarray(k, numpy.uint32), c.shape).copy() for k in (a, b, c, d)]
        x, y, z, w = [k * numpy.uint32(1664525) + numpy.uint32(1013904223) for k in words]
        x += y * w
        y += z * x
        z += x * y
        w += y * z
        x, y, z, w = [k ^ (k >> numpy.uint32(16)) for k in (x, y, z, w)]
        x += y * w
    return x


def uniform(stream, count):
    return hash4(SEED, stream, numpy.arange(count, dtype=numpy.uint32), 0) / 2.0**32


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


def build(model_name, stem, dtype):
    model = getattr(torchvision.models, model_name)(num_classes=CLASSES)
    if stem == 'cifar':
        model.conv1 = torch.nn.Conv2d(3, 64, kernel_size=3, stride=1, padding=1, bias=False)
        model.maxpool = torch.nn.Identity()
    model = model.to(dtype)
    with torch.no_grad():
        for stream, (name, parameter) in enumerate(model.named_parameters()):
            values = golden_parameter(name, stream, tuple(from_torch(parameter).shape))
            parameter.copy_(to_torch(torch.from_numpy(values)))
        for stream, (name, buffer) in enumerate(statistics(model)):
            buffer.copy_(torch.from_numpy(golden_buffer(name, 1000 + stream, buffer.numel())))
    return model


def statistics(model):
    return [(name, buffer) for name, buffer in model.named_buffers() if 'running' in name]


def batch(dtype):
    pixels = hash4(SEED, 2000, numpy.arange(BATCH * 32 * 32 * 3, dtype=numpy.uint32), 0) % 256
    images = torch.from_numpy(pixels.reshape(BATCH, 32, 32, 3).astype(numpy.float64) / 255)
    images = (images - torch.tensor(MEAN, dtype=torch.float64)) / torch.tensor(STANDARD_DEVIATION, dtype=torch.float64)
    labels = hash4(SEED, 2001, numpy.arange(BATCH, dtype=numpy.uint32), 0) % CLASSES
    return images.permute(0, 3, 1, 2).to(dtype), torch.from_numpy(labels.astype(numpy.int64))


def run(model_name, stem, steps, dtype):
    model = build(model_name, stem, dtype)
    images, labels = batch(dtype)
    criterion = torch.nn.CrossEntropyLoss()
    rate, momentum, decay = OPTIMIZER.values()
    optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=momentum, weight_decay=decay)
    model.train()
    losses = []
    for step in range(steps):
        optimizer.zero_grad()
        output = model(images)
        loss = criterion(output, labels)
        loss.backward()
        if step == 0:
            logits = output.detach().clone()
            gradients = {name: summary(parameter.grad) for name, parameter in model.named_parameters()}
        optimizer.step()
        losses.append(loss.item())
    model.eval()
    with torch.no_grad():
        evaluation_logits = model(images)
    return {
        'logits': logits.flatten().tolist(),
        'losses': losses,
        'gradients': gradients,
        'parameters': {name: summary(parameter) for name, parameter in model.named_parameters()},
        'buffers': {name: summary(buffer) for name, buffer in statistics(model)},
        'evaluationLogits': evaluation_logits.flatten().tolist(),
    }


def summary(values):
    """How many numbers, their Euclidean norm, and SAMPLES of them, evenly spread over Tandem's layout."""
    flat = from_torch(values.detach()).flatten().double()
    places = [int((k + 0.5) * flat.numel() / SAMPLES) for k in range(SAMPLES)]
    return {'size': flat.numel(), 'norm': flat.norm().item(), 'samples': flat[places].tolist()}


def deviation(expected, actual):
    """The largest differences of entries and of norms, as src/trainer/golden/deviations.ts measures them."""
    result = {}
    for kind, values in expected.items():
        if isinstance(values, list):
            result[kind] = furthest(values, actual[kind]) / max(abs(value) for value in values)
            continue
        pairs = [(summary, actual[kind][name]) for name, summary in values.items()]
        result[f'{kind} (norms)'] = max(abs(a['norm'] - b['norm']) / a['norm'] for a, b in pairs)
        result[f'{kind} (entries)'] = max(
            furthest(a['samples'], b['samples']) / a['norm'] * math.sqrt(a['size']) for a, b in pairs
        )
    return {kind: f'{value:.1e}' for kind, value in result.items()}


def furthest(expected, actual):
    return max(abs(x - y) for x, y in zip(expected, actual))


def rounded(value):
    if isinstance(value, float):
        return float(f'{value:.9g}')
    if isinstance(value, int):
        return value
    if isinstance(value, list):
        return [rounded(entry) for entry in value]
    return {name: rounded(entry) for name, entry in value.items()}


def main(directory):
    for model_name, stem, steps in CASES:
        reference = run(model_name, stem, steps, torch.float64)
        print(model_name, stem, 'float32 from float64:', deviation(reference, run(model_name, stem, steps, torch.float32)))
        case = {
            'madeWith': f'PyTorch {torch.__version__}, torchvision {torchvision.__version__}, float64',
            'modelName': model_name,
            'stem': stem,
            'batchSize': BATCH,
            'steps': steps,
            'optimizer': OPTIMIZER,
            'expected': rounded(reference),
        }
        path = pathlib.Path(directory) / f'{model_name}-{stem}.json'
        path.write_text(json.dumps(case, indent=1) + '\n')


if __name__ == '__main__':
    main(sys.argv[1])

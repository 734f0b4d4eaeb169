#!/usr/bin/env python3
"""Makes the golden values that Tandem's backends are tested against, with PyTorch and torchvision.

    python3 bench/peers/golden.py src/trainer/golden && npx biome format --write src/trainer/golden

Weights, pictures and labels come from a counter formula, which is in resources/pytorch/tandem_trainer/golden.py and which
src/trainer/golden/formula.ts repeats. The models here are torchvision's own, not those of Tandem's trainer.

The reference runs in float64. How far PyTorch's own float32 run is from it is printed: the tolerances of the
tests rest on that.
"""
import json
import math
import pathlib
import sys

import torch
import torchvision

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'resources' / 'pytorch'))

from tandem_trainer.golden import CLASSES, assign_weights, from_torch, pictures, statistics  # noqa: E402

BATCH = 8
SAMPLES = 3
MEAN = (0.4914, 0.4822, 0.4465)
STANDARD_DEVIATION = (0.247, 0.2435, 0.2616)
# A smaller rate than Tandem's own 0.1, at which rounding differences grow a hundredfold in three steps, and a
# larger weight decay than 5e-4, which would be lost among them.
OPTIMIZER = {'learningRate': 0.01, 'momentum': 0.9, 'weightDecay': 0.05}
# What `tandem doctor` asks of PyTorch itself: a part of that case.
FOR_DOCTOR = ('resnet18', 'torchvision')
CASES = [('resnet18', 'torchvision', 3), ('resnet18', 'cifar', 3), ('resnet34', 'torchvision', 1)]


def build(model_name, stem, dtype):
    model = getattr(torchvision.models, model_name)(num_classes=CLASSES)
    if stem == 'cifar':
        model.conv1 = torch.nn.Conv2d(3, 64, kernel_size=3, stride=1, padding=1, bias=False)
        model.maxpool = torch.nn.Identity()
    model = model.to(dtype)
    assign_weights(model)
    return model


def batch(dtype):
    images, labels = pictures(BATCH)
    images = images.permute(0, 2, 3, 1).double() / 255
    images = (images - torch.tensor(MEAN, dtype=torch.float64)) / torch.tensor(STANDARD_DEVIATION, dtype=torch.float64)
    return images.permute(0, 3, 1, 2).to(dtype), labels


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
        if (model_name, stem) == FOR_DOCTOR:
            expected = {kind: case['expected'][kind] for kind in ('logits', 'losses')}
            (ROOT / 'resources' / 'pytorch' / 'golden.json').write_text(
                json.dumps({**case, 'expected': expected}, indent=1) + '\n'
            )


if __name__ == '__main__':
    main(sys.argv[1])

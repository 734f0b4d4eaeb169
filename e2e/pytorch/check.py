#!/usr/bin/env python3
"""What the tests beside this file ask of PyTorch and of resources/pytorch. Each subcommand prints lines of JSON.

The weights, pictures and labels of `golden` and `ten-steps` are those of bench/peers/golden.py.
"""
import argparse
import copy
import hashlib
import json
import pathlib
import sys
import types

import torch

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / 'resources' / 'pytorch'), str(ROOT / 'bench' / 'peers')]

import golden  # noqa: E402
from tandem_trainer import checks, dataset, strategies, training  # noqa: E402
from tandem_trainer.model import get_model  # noqa: E402

SETTINGS = {
    'seed': 1, 'stem': 'cifar', 'learningRate': 0.1, 'momentum': 0.9, 'weightDecay': 5e-4, 'precision': 'fp32',
    'modelName': 'resnet18', 'pytorch': {'memoryFormat': 'channels-last', 'compile': 'off', 'threads': 1},
}


def say(**fields):
    print(json.dumps(fields), flush=True)


def batches(options):
    """Digests of batches, in the layout of Tandem's own loader."""
    source = json.loads(options.source)
    images, labels = dataset.read_split(source, 'train')
    pictures = dataset.Cifar10Batches(images, labels, augment_seed=7)
    for rank in range(2):
        plan = dataset.EpochBatches(len(labels), 48, 7, rank, 2, options.max_steps, samples_per_epoch=options.samples)
        loader = dataset.make_loader(pictures, plan, workers=options.workers, pin_memory=False)
        for epoch in range(2):
            plan.epoch = epoch
            for batch, classes in loader:
                pixels = batch.permute(0, 2, 3, 1).contiguous().numpy().tobytes()
                digest = hashlib.sha256(pixels + classes.to(torch.uint8).numpy().tobytes()).hexdigest()
                say(rank=rank, epoch=epoch, size=len(classes), digest=digest)


def run_golden(options):
    """The golden values by get_model, in float32 and channels last, as a job has them."""
    class Models:
        def __getattr__(self, name):
            return lambda num_classes: get_model(name)

    golden.torchvision = types.SimpleNamespace(models=Models())
    for name, stem, steps in golden.CASES:
        say(modelName=name, stem=stem, values=golden.run(name, stem, steps, torch.float32))


def one_ddp_step(options):
    """One step of a rank of two, held against one process that runs both shards and averages their gradients."""
    if options.address:
        place = {'kind': 'torch-network', 'address': options.address, 'port': options.port}
    else:
        place = {'kind': 'torch', 'path': options.meeting}
    meeting = {**place, 'timeoutMs': 120_000}
    strategy = strategies.DistributedDataParallel(torch.device('cpu'), options.rank, 2, meeting, 1, 'none')
    trainer = training.Trainer(SETTINGS, strategy)
    images, labels = dataset.synthetic(64, 'train')
    shards = [
        dataset.Cifar10Batches(images, labels, 1)[next(iter(dataset.EpochBatches(64, 16, 1, rank, 2)))]
        for rank in range(2)
    ]
    reference = copy.deepcopy(trainer.model)
    trainer.step(*shards[options.rank])
    say(checksum=training.parameter_checksum(trainer.parameters))
    if options.rank == 0:
        say(difference=average_over_shards(trainer, reference, shards))
    strategy.close()


def average_over_shards(trainer, model, shards):
    """How far the trainer is from the reference, as a part of what the step changed."""
    before = [parameter.detach().clone() for parameter in model.parameters()]
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
    for images, labels in shards:
        (torch.nn.functional.cross_entropy(model(trainer.pictures(images)), labels) / len(shards)).backward()
    optimizer.step()
    changed = norm(a - b for a, b in zip(model.parameters(), before))
    apart = norm(a - b for a, b in zip(model.parameters(), trainer.parameters))
    return apart / changed


def norm(tensors):
    return sum(tensor.detach().double().square().sum().item() for tensor in tensors) ** 0.5


def ten_steps(options):
    """
    Trains in float64 and writes, before each step, weights and gradient to files, in Tandem's layout; how far PyTorch's
    float32 or bfloat16 is from it at these weights is said. Goes on when a line comes in.
    """
    golden.BATCH = 32
    model = golden.build('resnet18', 'cifar', torch.float64)
    images, labels = golden.batch(torch.float64)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
    folder = pathlib.Path(options.folder)
    for step in range(10):
        write(folder / 'weights', model.parameters())
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        write(folder / 'gradient', (parameter.grad for parameter in model.parameters()))
        say(step=step, loss=loss.item(), lower=against(model, images, labels, options.precision == 'bf16'))
        sys.stdin.readline()
        optimizer.step()


def write(path, tensors):
    flat = [golden.from_torch(tensor.detach()).contiguous().flatten().float() for tensor in tensors]
    path.write_bytes(torch.cat(flat).numpy().tobytes())


def against(model, images, labels, is_mixed):
    """PyTorch's own lower precision at the same weights, in channels last."""
    other = copy.deepcopy(model).float().to(memory_format=torch.channels_last)
    other.zero_grad()
    with torch.autocast('cpu', torch.bfloat16, enabled=is_mixed):
        pixels = images.float().contiguous(memory_format=torch.channels_last)
        loss = torch.nn.functional.cross_entropy(other(pixels), labels)
    loss.backward()
    own = torch.cat([parameter.grad.flatten() for parameter in other.parameters()]).double()
    true = torch.cat([parameter.grad.flatten() for parameter in model.parameters()])
    return {'loss': loss.item(), 'cosine': torch.nn.functional.cosine_similarity(own, true, 0).item()}


def doctor_checks(options):
    """Each of doctor's checks on a sound PyTorch, and again with a fault planted."""
    case = json.loads((ROOT / 'resources' / 'pytorch' / 'golden.json').read_text())
    cpu = torch.device('cpu')
    pair = [cpu, torch.device('cpu')]
    # Stands for a GPU where nothing but its kind is asked for.
    gpu = types.SimpleNamespace(type='cuda')
    sound = [
        ('operations', lambda: checks.check_operations([cpu])),
        ('peer-copies', lambda: checks.check_copies(pair)),
        ('golden', lambda: checks.check_golden(case, [cpu])),
        ('memory', lambda: checks.check_memory([cpu])),
    ]
    for name, check in sound:
        say(check=name, fault=None, finding=check())

    kept = []
    off_by_one = lambda real: lambda *values, **options: real(*values, **options) + 1
    growing = iter(range(0, 2**40, 2**26))
    with patched(torch, 'matmul', off_by_one(torch.matmul)):
        say(check='operations', fault='matmul', finding=checks.check_operations([cpu]))
    with patched(torch.nn.functional, 'conv2d', off_by_one(torch.nn.functional.conv2d)):
        say(check='operations', fault='conv2d', finding=checks.check_operations([cpu]))
    for fault, copy in [('zeros', lambda values, device: torch.zeros_like(values)), ('one value', one_wrong)]:
        say(check='peer-copies', fault=fault, finding=checks.check_copies(pair, copy))
    with patched(torch.nn.functional, 'cross_entropy', off_by_one(torch.nn.functional.cross_entropy)):
        say(check='golden', fault='loss', finding=checks.check_golden(case, [cpu]))
    with patched(torch.nn.functional, 'relu', lambda values, inplace=False: values * float('nan')):
        say(check='golden', fault='nan', finding=checks.check_golden(case, [cpu]))
    leak = lambda: kept.append(torch.zeros(1))
    say(check='memory', fault='leak', finding=checks.check_memory([cpu], step=leak))
    say(check='memory', fault='growth', finding=checks.check_memory([cpu], resident=lambda: next(growing)))
    with patched(checks, 'wait_for', lambda device: None):
        for fault, options in [('no limit', {'pin': refuse}), ('one value', {'pin': torch.clone, 'copy': one_wrong})]:
            say(check='pinned-copies', fault=fault, finding=checks.check_pinned_copies([gpu], **options))
        finding = checks.check_pinned_copies([gpu], pin=torch.clone, copy=lambda values, device: values.clone())
        say(check='pinned-copies', fault=None, finding={**finding, 'found': 'a rate'})


def one_wrong(values, device):
    copy = values.clone()
    copy[7] += 1
    return copy


def refuse(values):
    raise RuntimeError('CUDA error: out of memory')


class patched:
    """Another value of an attribute, for as long as the block lasts."""

    def __init__(self, owner, name, value):
        self.owner, self.name, self.value = owner, name, value

    def __enter__(self):
        self.real = getattr(self.owner, self.name)
        setattr(self.owner, self.name, self.value)

    def __exit__(self, *_):
        setattr(self.owner, self.name, self.real)


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(required=True)
    for name, run in [('batches', batches), ('golden', run_golden), ('ddp', one_ddp_step), ('ten-steps', ten_steps), ('doctor', doctor_checks)]:
        command = commands.add_parser(name)
        command.set_defaults(run=run)
        for flag in ('--source', '--meeting', '--address', '--folder', '--precision'):
            command.add_argument(flag)
        for flag in ('--workers', '--rank', '--port', '--max-steps', '--samples'):
            command.add_argument(flag, type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.run(options)


if __name__ == '__main__':
    main()

"""CIFAR-10 in batches equal to those of Tandem's own trainer: the same pictures, order, crops and flips."""
import math
import pathlib

import numpy
import torch
from torch.utils.data import DataLoader, Dataset, Sampler

from .random_numbers import hash4, permutation

SIDE = 32
CLASSES = 10
RECORD_BYTES = 1 + 3 * SIDE * SIDE
PADDING = 4
# CIFAR-10 has five of the first; the sample that ships with Tandem one.
SPLIT_FILES = {'train': 'data_batch_*.bin', 'test': 'test_batch.bin'}

# What keeps random numbers for different purposes apart under one seed, as in src/shared/data and src/trainer/data.
PERMUTATION_STREAM = 0x5A000000
PASS_STRIDE = 1 << 16
AUGMENTATION = 0xA6000000
SYNTHETIC = {'train': 0x5D0001, 'test': 0x5D0002}
SYNTHETIC_SEED = 10


def read_split(source, split):
    """One split as two tensors: pictures [N, 3, 32, 32] and labels [N], both uint8."""
    if source['kind'] == 'synthetic':
        return synthetic(source[f'{split}Samples'], split)
    paths = sorted(pathlib.Path(source['directory']).glob(SPLIT_FILES[split]))
    parts = [numpy.fromfile(path, numpy.uint8) for path in paths]
    records = torch.from_numpy(numpy.concatenate(parts).reshape(-1, RECORD_BYTES))
    return records[:, 1:].reshape(-1, 3, SIDE, SIDE).contiguous(), records[:, 0].contiguous()


def synthetic(count, split):
    """The pictures of src/trainer/data/synthetic.ts: gratings under noise, which can be learnt."""
    samples = numpy.arange(count)
    labels = samples % CLASSES
    phase, state, _, _ = hash4(SYNTHETIC_SEED, SYNTHETIC[split], samples, 0)
    state = state | numpy.uint32(1)
    sine = numpy.floor(60 * numpy.sin(2 * math.pi * numpy.arange(256) / 256) + 0.5).astype(numpy.int64)
    pitch = 24 + 8 * (labels % 3)
    step_x = numpy.floor(pitch * numpy.cos(math.pi * labels / CLASSES) + 0.5).astype(numpy.int64)
    step_y = numpy.floor(pitch * numpy.sin(math.pi * labels / CLASSES) + 0.5).astype(numpy.int64)
    images = numpy.empty((count, 3, SIDE, SIDE), numpy.uint8)
    for y in range(SIDE):
        for x in range(SIDE):
            # Marsaglia's xorshift32, 2003.
            state ^= state << numpy.uint32(13)
            state ^= state >> numpy.uint32(17)
            state ^= state << numpy.uint32(5)
            step = x * step_x + y * step_y + phase
            for channel in range(3):
                colour = sine[(step + channel * labels * 13) & 255]
                noise = ((state >> numpy.uint32(8 * channel)) & numpy.uint32(127)).astype(numpy.int64) - 64
                images[:, channel, y, x] = 128 + colour + noise
    return torch.from_numpy(images), torch.from_numpy(labels.astype(numpy.uint8))


def epoch_order(count, seed, epoch, rank, world_size, samples_per_epoch=None, shuffle=True):
    """The samples that one rank sees, as torch.utils.data.DistributedSampler orders them, by Tandem's permutation.

    More samples than there are are had by going through the data set again, in another order each time.
    """
    total = samples_per_epoch or count
    places = (numpy.arange(math.ceil(total / world_size)) * world_size + rank) % total
    if not shuffle:
        return places % count
    order = numpy.empty_like(places)
    for data_pass in range(math.ceil(total / count)):
        within = places // count == data_pass
        stream = PERMUTATION_STREAM + epoch + PASS_STRIDE * data_pass
        order[within] = permutation(seed, stream, count)[places[within] % count]
    return order


class EpochBatches(Sampler):
    """One rank's batches of an epoch: pairs of the epoch, which crops depend on, and the samples."""

    def __init__(self, count, batch_size, seed, rank, world_size, max_steps=-1, samples_per_epoch=None, shuffle=True):
        self.order = dict(
            count=count, seed=seed, rank=rank, world_size=world_size, samples_per_epoch=samples_per_epoch, shuffle=shuffle
        )
        self.batch_size = batch_size
        self.epoch = 0
        samples = math.ceil((samples_per_epoch or count) / world_size)
        steps = math.ceil(samples / batch_size)
        self.steps = steps if max_steps == -1 else min(max_steps, steps)
        last = min(samples - (self.steps - 1) * batch_size, batch_size)
        # Every size that comes up, the usual one first.
        self.batch_sizes = sorted({batch_size if self.steps > 1 else last, last}, reverse=True)

    def __len__(self):
        return self.steps

    def __iter__(self):
        order = epoch_order(epoch=self.epoch, **self.order)
        for step in range(self.steps):
            yield self.epoch, order[step * self.batch_size : (step + 1) * self.batch_size]


class Cifar10Batches(Dataset):
    """Whole batches by epoch and samples, cropped and flipped where `augment_seed` is given."""

    def __init__(self, images, labels, augment_seed=None):
        self.images, self.labels, self.augment_seed = images, labels, augment_seed

    def __getitem__(self, request):
        epoch, samples = request
        images = self.images[torch.from_numpy(samples)]
        if self.augment_seed is not None:
            images = torch.from_numpy(augment(images.numpy(), self.augment_seed, epoch, samples))
        return images, self.labels[torch.from_numpy(samples)].long()


def augment(images, seed, epoch, samples):
    """RandomCrop(32, padding=4), then RandomHorizontalFlip: by seed, epoch and sample, whichever worker draws them."""
    vertical, horizontal, mirror, _ = hash4(seed, epoch, samples, AUGMENTATION)
    positions = 2 * PADDING + 1
    tops = numpy.floor(vertical / 2.0**32 * positions).astype(int).tolist()
    lefts = numpy.floor(horizontal / 2.0**32 * positions).astype(int).tolist()
    flips = (mirror >= 2**31).tolist()
    padded = numpy.zeros((*images.shape[:2], SIDE + 2 * PADDING, SIDE + 2 * PADDING), numpy.uint8)
    padded[:, :, PADDING:-PADDING, PADDING:-PADDING] = images
    result = numpy.empty_like(images)
    for index, (top, left, flip) in enumerate(zip(tops, lefts, flips)):
        crop = padded[index, :, top : top + SIDE, left : left + SIDE]
        result[index] = crop[:, :, ::-1] if flip else crop
    return result


def make_loader(dataset, batches, workers, pin_memory):
    """A loader whose workers live as long as it does."""
    return DataLoader(
        dataset,
        batch_size=None,
        sampler=batches,
        num_workers=workers,
        persistent_workers=workers > 0,
        pin_memory=pin_memory,
    )

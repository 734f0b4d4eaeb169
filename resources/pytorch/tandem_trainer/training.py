"""Training, top to bottom: one epoch of optimiser steps, its warm-up and its evaluation."""
import collections
import contextlib
import hashlib
import time

import torch
from torch import nn

from .clock import CpuClock, CudaClock
from .model import Normalise, get_model
from .strategies import OwnGradients


class Trainer:
    """A model with all that one step needs, on one rank."""

    def __init__(self, job, strategy):
        self.strategy = strategy
        self.device = strategy.device
        is_cuda = self.device.type == 'cuda'
        self.clock = CudaClock(self.device) if is_cuda else CpuClock()
        # The shapes never change, so cuDNN may look for the fastest convolution once.
        torch.backends.cudnn.benchmark = True
        torch.manual_seed(job['seed'])
        channels_last = job['pytorch']['memoryFormat'] == 'channels-last'
        self.memory_format = torch.channels_last if channels_last else torch.contiguous_format
        self.model = get_model(job['modelName'], job['stem']).to(self.device, memory_format=self.memory_format)
        self.parameters = list(self.model.parameters())
        self.normalise = Normalise().to(self.device)
        wrapped = strategy.prepare(self.model)
        self.own_gradients = OwnGradients(self.parameters, self.clock) if strategy.collective else None
        compiling = job['pytorch']['compile']
        self.network = wrapped if compiling == 'off' else torch.compile(wrapped, mode=compiling)
        self.criterion = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.SGD(
            self.parameters, lr=job['learningRate'], momentum=job['momentum'], weight_decay=job['weightDecay']
        )
        self.lower_precision = lower_precision(self.device) if job['precision'] == 'mixed' else None
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=self.lower_precision == torch.float16)

    def autocast(self):
        if self.lower_precision is None:
            return contextlib.nullcontext()
        return torch.autocast(self.device.type, self.lower_precision)

    def pictures(self, images):
        """What the network takes: normalised, on the device, in the memory format that was asked for."""
        images = images.to(self.device, non_blocking=True)
        return self.normalise(images).contiguous(memory_format=self.memory_format)

    def step(self, images, labels):
        """One optimiser step. Returns the loss, still on the device, and marks of when its parts ended."""
        mark = self.clock.mark
        begun = mark()
        images, labels = self.pictures(images), labels.to(self.device, non_blocking=True)
        self.optimizer.zero_grad(set_to_none=True)
        own = self.own_gradients
        if own is not None:
            own.begin_step()
        with self.autocast():
            loss = self.criterion(self.network(images), labels)
        self.scaler.scale(loss).backward()
        # DDP's gradients of all ranks; without it, simply the gradients.
        exchanged = mark()
        first, last = (own.first, own.last) if own is not None else (None, exchanged)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        return loss.detach(), {
            'begun': begun, 'first': first, 'last': last, 'exchanged': exchanged, 'updated': mark(),
        }


def gradient_bytes(parameters):
    return sum(parameter.numel() * parameter.element_size() for parameter in parameters if parameter.requires_grad)


def lower_precision(device):
    """bfloat16 where the processor has it, else float16, which needs its losses scaled."""
    if device.type == 'cuda' and not torch.cuda.is_bf16_supported(including_emulation=False):
        return torch.float16
    return torch.bfloat16


def train_one_epoch(epoch, trainer, loader, host):
    """Trains on every batch of `loader` and tells each step. Returns the epoch's record, the ranks' losses joined."""
    trainer.model.train()
    loader.sampler.epoch = epoch
    reports = StepReports(epoch, trainer, host)
    started = time.perf_counter()
    batches = iter(loader)
    while True:
        host.raise_if_stopped()
        waiting = time.perf_counter()
        batch = next(batches, None)
        if batch is None:
            break
        wait_ms = 1000 * (time.perf_counter() - waiting)
        loss, marks = trainer.step(*batch)
        reports.add(loss, marks, wait_ms, len(batch[1]))
    # The one wait for the device in an epoch.
    trainer.clock.finish()
    seconds = time.perf_counter() - started
    reports.tell_passed()
    host.flush_steps()
    loss_sum, images = trainer.strategy.sum_over_ranks([reports.loss_sum, reports.images])
    return {'epoch': epoch, 'loss': loss_sum / images, 'seconds': seconds, 'images': int(images), 'steps': reports.told}


class StepReports:
    """Tells the host of steps as soon as they have happened, which on CUDA is after the host has gone on."""

    def __init__(self, epoch, trainer, host):
        self.epoch, self.trainer, self.host = epoch, trainer, host
        self.pending = collections.deque()
        self.previous = trainer.clock.begin_epoch()
        self.told = self.images = 0
        self.loss_sum = 0.0

    def add(self, loss, marks, wait_ms, images):
        if loss.is_cuda:
            # Copied behind the step, so that reading it later makes nobody wait.
            loss = torch.empty_like(loss, device='cpu', pin_memory=True).copy_(loss, non_blocking=True)
        copied = self.trainer.clock.mark()
        self.pending.append((loss, marks, copied, wait_ms, images))
        self.tell_passed()

    def tell_passed(self):
        while self.pending and self.trainer.clock.has_passed(self.pending[0][2]):
            loss, marks, _, wait_ms, images = self.pending.popleft()
            self.tell(loss.item(), marks, wait_ms, images)

    def tell(self, loss, marks, wait_ms, images):
        at = {name: mark and self.trainer.clock.milliseconds(mark) for name, mark in marks.items()}
        began = self.trainer.clock.milliseconds(self.previous)
        self.previous = marks['updated']
        self.loss_sum += loss * images
        self.images += images
        is_group = self.trainer.own_gradients is not None
        self.host.send_step({
            'epoch': self.epoch,
            'step': self.told,
            'loss': loss,
            'images': images,
            'startedAtMs': began,
            'stepMs': at['updated'] - began,
            # Of the host's wait, what the device noticed.
            'dataWaitMs': max(0.0, min(wait_ms, at['begun'] - began)),
            'computeMs': at['last'] - at['begun'],
            'communicationMs': max(0.0, at['exchanged'] - at['last']),
            'updateMs': at['updated'] - at['exchanged'],
            'arrivedAtMs': at['last'] if is_group else None,
            **({} if at['first'] is None else {'gradientsMs': max(0.0, at['last'] - at['first'])}),
        })
        self.told += 1


def warm_up(trainer, training_sizes, evaluation_sizes):
    """Compiles, lets libraries choose, and takes first steps; then everything is as before. Off every clock."""
    network_state = {name: value.clone() for name, value in trainer.model.state_dict().items()}
    scaler_state = trainer.scaler.state_dict()
    trainer.model.train()
    started = time.perf_counter()
    for size in training_sizes:
        blank_step(trainer, size)
    compiled = time.perf_counter()
    for size in training_sizes:
        blank_step(trainer, size)
    first_steps = time.perf_counter()
    for size in evaluation_sizes:
        count_correct(trainer, *blank_batch(size))
    trainer.model.load_state_dict(network_state)
    trainer.optimizer.state.clear()
    trainer.optimizer.zero_grad(set_to_none=True)
    trainer.scaler.load_state_dict(scaler_state)
    return {'traceMs': 1000 * (compiled - started), 'firstStepMs': 1000 * (first_steps - compiled)}


def blank_step(trainer, size):
    trainer.step(*blank_batch(size))
    trainer.clock.finish()


def blank_batch(size):
    return torch.zeros(size, 3, 32, 32, dtype=torch.uint8), torch.arange(size) % 10


def evaluate(trainer, loader, own_images, host):
    """Share of test images classified correctly, over all ranks."""
    correct = images = 0
    for pictures, labels in loader:
        host.raise_if_stopped()
        # An image that only pads this rank's share is another rank's to count.
        own = min(len(labels), own_images - images)
        labels[own:] = -1
        correct += count_correct(trainer, pictures, labels)
        images += own
    correct, images = trainer.strategy.sum_over_ranks([correct, images])
    return correct / images


@torch.no_grad()
def count_correct(trainer, images, labels):
    trainer.model.eval()
    with trainer.autocast():
        logits = trainer.model(trainer.pictures(images))
    correct = (logits.argmax(1) == labels.to(trainer.device)).sum().item()
    trainer.model.train()
    return correct


def parameter_checksum(parameters):
    """SHA-256 of the parameters' bits: equal on all ranks of a healthy group."""
    digest = hashlib.sha256()
    for parameter in parameters:
        digest.update(parameter.detach().contiguous().cpu().numpy())
    return digest.hexdigest()

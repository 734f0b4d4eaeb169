#!/usr/bin/env python3
"""bench/peers/train.py by Tandem's PyTorch engine: the same step, through the loop that a run measures.

    python3 bench/peers/engine_train.py --stem torchvision --batch 256 --cores 0 --steps 10

The loop, the step and what it tells of each are those of resources/pytorch, with a connection to a host that only
listens. In place of the data loader stands one batch, as in train.py. Prints one line of JSON: the median step time in
milliseconds without the first `--warmup` steps.
"""
import argparse
import json
import os
import pathlib
import socket
import statistics
import sys
import tempfile
import threading
import time
import types

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "resources" / "pytorch"))

from tandem_trainer.host import Host  # noqa: E402
from tandem_trainer.processor import pin_to_cores  # noqa: E402


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--stem", choices=["torchvision", "cifar"], default="torchvision")
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--cores", type=int, default=0)
    parser.add_argument("--warmup", type=int, default=2)
    parser.add_argument("--steps", type=int, default=10)
    return parser.parse_args()


class FixedBatch:
    """What train_one_epoch asks of a loader."""

    def __init__(self, batch, steps):
        self.batch, self.steps = batch, steps
        self.sampler = types.SimpleNamespace(epoch=0)

    def __iter__(self):
        return iter([self.batch] * self.steps)


def connected_host():
    """A Host, and the other end of its connection, which sends heartbeats and lets messages lie until they are read."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as server:
        path = os.path.join(folder, "socket")
        server.bind(path)
        server.listen()
        os.environ.update(TANDEM_SOCKET=path, TANDEM_TOKEN="")
        host = Host(rank=0)
        other_end, _ = server.accept()
    threading.Thread(target=beat, args=[other_end], daemon=True).start()
    return host, other_end


def beat(connection):
    while True:
        connection.sendall(b'{"type":"heartbeat"}\n')
        time.sleep(1)


def main():
    options = parse()
    pin_to_cores([options.cores])
    import torch

    torch.set_num_threads(1)
    from tandem_trainer import strategies, training

    job = {
        "modelName": "resnet18", "stem": options.stem, "seed": 0, "precision": "fp32",
        "learningRate": 0.01, "momentum": 0.9, "weightDecay": 5e-4,
        "pytorch": {"memoryFormat": "channels-last", "compile": "off"},
    }
    trainer = training.Trainer(job, strategies.Single(torch.device("cpu")))
    images = torch.randint(0, 256, (options.batch, 3, 32, 32), dtype=torch.uint8)
    labels = torch.randint(0, 10, (options.batch,))
    host, other_end = connected_host()
    loader = FixedBatch((images, labels), options.warmup + options.steps)
    training.train_one_epoch(0, trainer, loader, host)
    step_ms = told_steps(other_end)
    print(json.dumps({"stepMs": statistics.median(step_ms[options.warmup :])}), flush=True)
    # Without the clean-up that would close the connection, which is how a host ends a trainer.
    os._exit(0)


def told_steps(connection):
    messages = [json.loads(line) for line in connection.recv(2**20).decode().splitlines()]
    return [step["stepMs"] for message in messages if message["type"] == "steps" for step in message["steps"]]


if __name__ == "__main__":
    main()

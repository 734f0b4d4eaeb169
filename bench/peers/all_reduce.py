#!/usr/bin/env python3
"""gloo's all-reduce of one vector between processes of this machine, through PyTorch.

    python3 bench/peers/all_reduce.py --world-size 2 --elements 11173962 --rounds 30

Prints one line of JSON: rank 0's median time of a round in milliseconds, the first three left out.
"""
import argparse
import json
import os
import statistics
import time

import torch


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--world-size", type=int, default=2)
    parser.add_argument("--elements", type=int, default=11_173_962, help="float32 numbers; ResNet-18 by default")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--port", type=int, default=29556)
    return parser.parse_args()


def reduce(rank, options):
    os.sched_setaffinity(0, {rank % os.cpu_count()})
    torch.set_num_threads(1)
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(options.port))
    torch.distributed.init_process_group("gloo", rank=rank, world_size=options.world_size)
    vector = torch.full((options.elements,), 1.0)
    times = []
    for _ in range(options.rounds + 3):
        torch.distributed.barrier()
        started = time.perf_counter()
        torch.distributed.all_reduce(vector)
        times.append((time.perf_counter() - started) * 1000)
        vector.fill_(1.0)
    if rank == 0:
        print(json.dumps({"medianMs": statistics.median(times[3:])}))
    torch.distributed.destroy_process_group()


if __name__ == "__main__":
    arguments = parse()
    torch.multiprocessing.spawn(reduce, (arguments,), arguments.world_size)

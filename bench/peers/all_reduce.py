#!/usr/bin/env python3
"""gloo's all-reduce between processes of this machine, through PyTorch.

    python3 bench/peers/all_reduce.py --cores 0,1 --elements 256,11173962 --rounds 200,30

A rank for each of `--cores`, pinned to it. Prints one line of JSON: for each vector rank 0's median time of a round in
milliseconds, the first three rounds left out.
"""
import argparse
import json
import os
import statistics
import time

import torch


def numbers(text):
    return [int(number) for number in text.split(",")]


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cores", type=numbers, default=[0, 1])
    parser.add_argument("--elements", type=numbers, default=[11_173_962], help="float32 numbers of each vector")
    parser.add_argument("--rounds", type=numbers, default=[30], help="as many as there are vectors")
    parser.add_argument("--port", type=int, default=29556)
    return parser.parse_args()


def reduce(rank, options):
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {options.cores[rank]})
    torch.set_num_threads(1)
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(options.port))
    torch.distributed.init_process_group("gloo", rank=rank, world_size=len(options.cores))
    medians = [median_ms(*sizes) for sizes in zip(options.elements, options.rounds, strict=True)]
    if rank == 0:
        print(json.dumps({"medianMs": medians}))
    torch.distributed.destroy_process_group()


def median_ms(elements, rounds):
    vector = torch.full((elements,), 1.0)
    times = []
    for _ in range(rounds + 3):
        torch.distributed.barrier()
        started = time.perf_counter()
        torch.distributed.all_reduce(vector)
        times.append((time.perf_counter() - started) * 1000)
        vector.fill_(1.0)
    return statistics.median(times[3:])


if __name__ == "__main__":
    arguments = parse()
    torch.multiprocessing.spawn(reduce, (arguments,), len(arguments.cores))

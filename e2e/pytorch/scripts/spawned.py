"""Starts its ranks by itself: `spawned.py WORLD FILE`."""
import sys

import torch
from small import EPOCHS, dataset, loader, network, sgd, train
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DistributedSampler


def work(rank, world, meeting):
    torch.distributed.init_process_group('gloo', init_method=f'file://{meeting}', rank=rank, world_size=world)
    model = DistributedDataParallel(network())
    batches, optimizer = loader(sampler=DistributedSampler(dataset())), sgd(model)
    for _ in range(EPOCHS):
        train(model, batches, optimizer)


if __name__ == '__main__':
    torch.multiprocessing.spawn(work, (int(sys.argv[1]), sys.argv[2]), nprocs=int(sys.argv[1]))

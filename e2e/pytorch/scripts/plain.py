"""One device, or one of several ranks, by the variables that torchrun sets. `--workers N CONTEXT` uses loader workers."""
import os
import sys

import torch
from small import EPOCHS, dataset, loader, network, sgd, train
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DistributedSampler

if __name__ == '__main__':
    options = {}
    if '--workers' in sys.argv:
        count, context = sys.argv[sys.argv.index('--workers') + 1:][:2]
        options = {'num_workers': int(count), 'multiprocessing_context': context, 'persistent_workers': True}
    model = network()
    if int(os.environ.get('WORLD_SIZE', '1')) > 1:
        torch.distributed.init_process_group('gloo')
        model = DistributedDataParallel(model)
        options['sampler'] = DistributedSampler(dataset())
    batches, optimizer = loader(**options), sgd(model)
    for _ in range(EPOCHS):
        train(model, batches, optimizer)

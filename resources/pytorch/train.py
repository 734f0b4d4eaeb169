#!/usr/bin/env python3
"""One of Tandem's trainers: one process that trains one model by one strategy, as one rank, in PyTorch.

Tandem starts it with its rank as the only argument, says over a socket what to train, and hears of every step.
"""
import sys
import time
import traceback

from tandem_trainer.host import Host, Stopped
from tandem_trainer.processor import peak_memory_bytes, pin_to_cores

EVALUATION_BATCH_SIZE = 256


def main():
    host = Host(rank=int(sys.argv[1]))
    job = host.job()
    try:
        run(job, host)
        host.end('done', 0, peakMemoryBytes=peak_memory_bytes())
    except Stopped:
        host.end('stopped', 0)
    except BaseException as error:
        if host.is_stopping:
            host.end('stopped', 0)
        traceback.print_exc()
        host.end('failed', 1, error=explain(error, job))


def run(job, host):
    started = time.perf_counter()
    # Before PyTorch is loaded: threads and data workers inherit the cores of those that start them.
    pin_to_cores([core for device in job['devices'] for core in device['cores']])
    import torch

    torch.set_num_threads(job['pytorch']['threads'])
    from tandem_trainer import buckets, dataset, training

    strategy = create_strategy(job)
    host.send(
        'ready',
        backend=job['backend']['name'],
        backendVersion=torch.__version__,
        collective=strategy.collective,
        loadMs=1000 * (time.perf_counter() - started),
    )
    trainer = training.Trainer(job, strategy)
    loader, _ = open_split(job, 'train')
    tests, own_tests = open_split(job, 'test') if job['evaluate'] else (None, 0)
    warm = training.warm_up(trainer, loader.sampler.batch_sizes, tests.sampler.batch_sizes if tests else [])
    if job.get('timesAllReduces'):
        warm['allReduces'] = strategy.time_all_reduces(training.gradient_bytes(trainer.parameters))
        # A compiled step has its exchange within.
        if job['pytorch']['compile'] == 'off':
            warm['buckets'] = buckets.time_buckets(trainer, training.blank_batch(job['batchSize']))
    # Dropout draws other numbers on every rank, the same in every run.
    torch.manual_seed(job['seed'] + job['rank'])
    host.send('warmed-up', **warm, stepsPerEpoch=len(loader.sampler))
    for epoch in range(job['epochs']):
        record = training.train_one_epoch(epoch, trainer, loader, host)
        strategy.share_buffers(trainer.model)
        accuracy = training.evaluate(trainer, tests, own_tests, host) if tests else None
        checksum = training.parameter_checksum(trainer.parameters)
        host.send('epoch', epoch={**record, 'testAccuracy': accuracy, 'parameterChecksum': checksum})
    # Ends the data workers, before the process that they belong to.
    del loader
    strategy.close()


def create_strategy(job):
    import torch

    from tandem_trainer import strategies

    # This process sees its own GPUs alone, in this order.
    devices = [
        torch.device('cuda', place) if device['kind'] == 'gpu' else torch.device('cpu')
        for place, device in enumerate(job['devices'])
    ]
    if devices[0].type == 'cuda':
        torch.cuda.set_device(devices[0])
    if job['strategy'] == 'single':
        return strategies.Single(devices[0])
    if job['strategy'] == 'dp':
        return strategies.DataParallel(devices)
    if job['worldSize'] == 1:
        return strategies.Single(devices[0])
    return strategies.DistributedDataParallel(
        devices[0],
        job['rank'],
        job['worldSize'],
        job['collective'],
        job['pytorch']['bucketMebibytes'],
        job['gradientCompression'],
        job['devices'][0].get('uuid', ''),
    )


def open_split(job, split):
    """A loader of this rank's share, and how many of its images are not there to make shares equal."""
    from tandem_trainer import dataset

    is_training = split == 'train'
    images, labels = dataset.read_split(job['data'], split)
    rank, world_size = job['rank'], job['worldSize']
    batches = dataset.EpochBatches(
        len(labels),
        batch_size=job['batchSize'] if is_training else EVALUATION_BATCH_SIZE,
        seed=job['seed'],
        rank=rank,
        world_size=world_size,
        max_steps=job['maxStepsPerEpoch'] if is_training else -1,
        samples_per_epoch=job['samplesPerEpoch'] if is_training else None,
        shuffle=is_training,
    )
    loader = dataset.make_loader(
        dataset.Cifar10Batches(images, labels, job['seed'] if is_training else None),
        batches,
        workers=job['numWorkers'] if is_training else 0,
        pin_memory=job['devices'][0]['kind'] == 'gpu',
    )
    return loader, -((rank - len(labels)) // world_size)


def explain(error, job):
    """An error in the protocol's words. The traceback is in the log."""
    text = f'{type(error).__name__}: {error}'.strip().splitlines()
    whole = ' '.join(text).lower()
    message = ' '.join(line.strip() for line in text[:3])[:500]
    code, own_words, hint = classify(error, whole)
    report = {'code': code, 'message': own_words or message, 'hint': hint}
    if job['worldSize'] == 1:
        return report
    if code == 'pytorch' and job_is_left_alone(error, whole):
        report = missed_rank(job, whole, message)
    return {**report, 'rank': job['rank']}


def classify(error, whole):
    """A code, a message where there is a better one than the error's own, and what to do about it."""
    if type(error).__name__ == 'UnsuitableModel':
        names = 'python -c "import torchvision; print(torchvision.models.list_models())"'
        return 'model-unsuitable', None, f'See the names with: {names}'
    if 'out of memory' in whole or "can't allocate memory" in whole or isinstance(error, MemoryError):
        return 'out-of-memory', None, 'Try a smaller batch size or fewer data workers.'
    if 'invalidcxxcompiler' in whole or 'failed to find c compiler' in whole:
        return 'compiler-missing', 'torch.compile found no C++ compiler', 'Install one, such as g++, or leave --compile out.'
    return 'pytorch', None, 'The whole traceback is in the log.'


def missed_rank(job, text, message):
    seconds = job['collective']['timeoutMs'] // 1000
    if 'timed out' in text or 'timeout' in text:
        what = f'waited {seconds} s for another rank, which did not come'
        return {'code': 'collective-timeout', 'message': f'Rank {job["rank"]} {what}', 'hint': message}
    return {'code': 'collective-failed', 'message': f'Rank {job["rank"]} lost another rank', 'hint': message}


def job_is_left_alone(error, text):
    """Errors that say no more than that another rank is gone."""
    signs = ('connection closed by peer', 'connection reset by peer', 'broken pipe', 'timed out waiting', 'gloo', 'nccl')
    # The words of stores, of files and of sockets, in which a rank has waited for another one to come.
    stores = ('wait timeout', 'timeout waiting for key')
    # DistBackendError, DistNetworkError, DistStoreError.
    is_distributed = type(error).__name__.startswith('Dist')
    return is_distributed or any(sign in text for sign in signs + stores)


if __name__ == '__main__':
    main()

"""Ends badly: `broken.py HOW`."""
import os
import sys
import time

from small import dataset, loader, network, sgd, train
from torch.utils.data import DataLoader

how = sys.argv[1]
if how == 'raises':
    raise RuntimeError('no such luck')
if how == 'never-steps':
    sys.exit(0)
if how == 'hangs':
    time.sleep(600)
if how == 'killed-by-itself':
    os.kill(os.getpid(), 9)
if how == 'kills-its-parent':
    os.kill(os.getppid(), 9)
if how == 'daemonises':
    if os.fork() > 0:
        os._exit(0)
    os.setsid()
    time.sleep(600)
if how == 'needs-arguments':
    import argparse
    parser = argparse.ArgumentParser()
    parser.add_argument('--data', required=True)
    parser.parse_args([])
if how == 'litters':
    with open('litter.txt', 'w') as file:
        file.write('a checkpoint')
if how == 'floods':
    for _ in range(100):
        print('x' * 1_000_000)
if how == 'ignores-sigterm':
    import signal
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(600)
if how == 'forks-first':
    os.fork()
if how == 'starts-another':
    import subprocess
    subprocess.Popen([sys.executable, __file__, 'trains'])
if how == 'forks-first-and-steps-later' and os.fork() == 0:
    time.sleep(3)
model = network()
if how == 'two-steps':
    train(model, DataLoader(dataset(16), batch_size=8), sgd(model))
    sys.exit(0)
if how == 'forks':
    train(model, DataLoader(dataset(16), batch_size=8), sgd(model))
    if os.fork() == 0:
        # Trains as well, and is no rank.
        train(model, loader(), sgd(model))
        time.sleep(600)
for _ in range(1000):
    train(model, loader(), sgd(model))

"""A trainer in plain Python, written from docs/guide/trainer-protocol.md alone: it fits a line in place of a network.

PLAIN_TRAINER names a way to misbehave, for the tests of the host.
"""
import hashlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time

FAULT = os.environ.get('PLAIN_TRAINER', '')
HEARTBEAT_LIMIT_SECONDS = 30
WALL_MINUS_MONOTONIC = time.time() - time.perf_counter()


def now_ms():
    return 1000 * (WALL_MINUS_MONOTONIC + time.perf_counter())


class Host:
    def __init__(self, rank):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(os.environ['TANDEM_SOCKET'])
        self.started = threading.Event()
        self.stopped = threading.Event()
        self.job = None
        token = 'x' * 64 if FAULT == 'wrong-token' else os.environ['TANDEM_TOKEN']
        self.send(type='hello', version=1, token=token, pid=os.getpid(), rank=rank)
        threading.Thread(target=self.listen, daemon=True).start()

    def send(self, **message):
        self.socket.sendall(json.dumps(message).encode() + b'\n')

    def listen(self):
        self.socket.settimeout(HEARTBEAT_LIMIT_SECONDS)
        try:
            for line in self.socket.makefile('r', encoding='utf-8'):
                message = json.loads(line)
                if message['type'] == 'start':
                    self.job = message['job']
                    self.started.set()
                if message['type'] == 'stop':
                    self.stopped.set()
        finally:
            if FAULT == 'disconnects':
                time.sleep(1000)
            os.kill(os.getpid(), signal.SIGKILL)


def train(host):
    job = host.job
    host.send(type='ready', backend=job['backend']['name'], backendVersion='0.1', collective=None, loadMs=1)
    steps = min(job['maxStepsPerEpoch'], 4) if job['maxStepsPerEpoch'] > 0 else 4
    host.send(type='warmed-up', traceMs=0, firstStepMs=1, stepsPerEpoch=steps)
    generator = random.Random(job['seed'])
    slope = 0.0
    for epoch in range(job['epochs']):
        epoch_started = now_ms()
        losses = []
        for step in range(steps):
            if host.stopped.is_set():
                return 'stopped'
            started = now_ms()
            errors = [(slope - 2) * generator.random() for _ in range(job['batchSize'])]
            loss = sum(error * error for error in errors) / len(errors)
            misbehave(host)
            slope -= job['learningRate'] * sum(errors) / len(errors)
            losses.append(loss)
            host.send(type='steps', steps=[{
                'epoch': epoch, 'step': step, 'loss': None if FAULT == 'diverged' else loss,
                'images': job['batchSize'], 'startedAtMs': started, 'stepMs': now_ms() - started,
                'dataWaitMs': 0, 'computeMs': 0, 'communicationMs': 0, 'updateMs': 0, 'arrivedAtMs': None,
            }])
        host.send(type='epoch', epoch={
            'epoch': epoch, 'loss': sum(losses) / steps, 'seconds': (now_ms() - epoch_started) / 1000,
            'images': steps * job['batchSize'], 'steps': steps, 'testAccuracy': None,
            'parameterChecksum': hashlib.sha256(str(slope).encode()).hexdigest(),
        })
    return 'done'


def misbehave(host):
    if FAULT == 'raise':
        raise RuntimeError('the plain trainer raised')
    if FAULT == 'hang':
        time.sleep(1000)
    if FAULT == 'exit-early':
        os._exit(0)
    if FAULT == 'killed':
        os.kill(os.getpid(), signal.SIGKILL)
    if FAULT == 'not-json':
        host.socket.sendall(b'loss: 2.3\n')
    if FAULT == 'long-line':
        host.socket.sendall(b'"' + 2_000_000 * b'x')
    if FAULT == 'flood':
        while True:
            host.socket.sendall(1000 * b'{"type": "steps", "steps": []}\n')
    if FAULT == 'unknown-message':
        host.send(type='surprise')
    if FAULT == 'prints-100-megabytes':
        for _ in range(100):
            print(1_000_000 * 'x')


def main():
    if FAULT == 'launcher' and len(sys.argv) == 1:
        # As torchrun does: the rank is in a session of its own, and the launcher waits.
        raise SystemExit(subprocess.Popen([sys.executable, __file__, 'rank'], start_new_session=True).wait())
    if FAULT == 'never-connects':
        time.sleep(1000)
    if FAULT in ('ignores-stop', 'hang'):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    host = Host(rank=7 if FAULT == 'wrong-rank' else 0)
    host.started.wait()
    if FAULT in ('ignores-stop', 'launcher'):
        host.send(type='ready', backend='wasm', backendVersion='0.1', collective=None, loadMs=1)
        time.sleep(1000)
    if FAULT == 'disconnects':
        host.socket.shutdown(socket.SHUT_WR)
        time.sleep(1000)
    ending = train(host)
    if ending == 'done':
        host.send(type='done', peakMemoryBytes=1_000_000)
    else:
        host.send(type='stopped')


if __name__ == '__main__':
    main()

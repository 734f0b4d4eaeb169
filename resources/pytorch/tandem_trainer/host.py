"""This process's end of the conversation with its host: docs/guide/trainer-protocol.md."""
import json
import math
import os
import select
import signal
import socket
import sys
import threading
import time

HEARTBEAT_LIMIT_SECONDS = 30
# Steps are collected this long before they are sent, so that telling costs less than what is told.
STEP_BATCH_SECONDS = 0.05
# How long a step that is under way, or a wait for other ranks, may keep the process from obeying `stop`.
STOP_GRACE_SECONDS = 2

# json.dumps would make one a message.
encode = json.JSONEncoder(allow_nan=False, check_circular=False, separators=(',', ':')).encode


class Stopped(Exception):
    """The host asked for an end."""


class Host:
    """Connects, and ends this process as soon as the host is gone. `rank` is this process's."""

    def __init__(self, rank):
        self._connection = connect(os.environ.pop('TANDEM_SOCKET'))
        self._sending = threading.Lock()
        self._steps = []
        self._steps_since = 0.0
        self._job = None
        self._job_came = threading.Event()
        self._stopping = threading.Event()
        self._ended = False
        self.send('hello', version=1, token=os.environ.pop('TANDEM_TOKEN'), pid=os.getpid(), rank=rank)
        threading.Thread(target=self._listen, name='host', daemon=True).start()
        if hasattr(os, 'register_at_fork'):
            # A data worker must not hold the conversation of a trainer that is gone.
            os.register_at_fork(after_in_child=self._connection.close)

    def job(self):
        """What to train. Waits for it."""
        self._job_came.wait()
        return self._job

    def raise_if_stopped(self):
        if self._stopping.is_set():
            raise Stopped

    @property
    def is_stopping(self):
        return self._stopping.is_set()

    def send(self, type, **fields):
        """Sends a message, after all steps before it."""
        self.flush_steps()
        self._write({'type': type, **fields})

    def send_step(self, step):
        now = time.perf_counter()
        if not self._steps:
            self._steps_since = now
        self._steps.append(step)
        if now - self._steps_since >= STEP_BATCH_SECONDS or step['stepMs'] >= 1000 * STEP_BATCH_SECONDS:
            self.flush_steps()

    def flush_steps(self):
        if self._steps:
            steps, self._steps = self._steps, []
            self._write({'type': 'steps', 'steps': steps})

    def last_word(self, type, **fields):
        """Says it, and whether it was the last: nothing is said after another one."""
        with self._sending:
            if self._ended:
                return False
            self._ended = True
        self._write({'type': type, **fields})
        return True

    def wait_for_stop(self, timeout_seconds):
        self._stopping.wait(timeout_seconds)

    def end(self, type, exit_code, **fields):
        """Says the last word, and ends the process: what other threads and libraries still hold is not waited for."""
        if not self.last_word(type, **fields):
            return
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(exit_code)

    def _write(self, message):
        line = line_of(message)
        try:
            with self._sending:
                self._connection.sendall(line)
        except OSError:
            # The host is gone, and so is this process in a moment.
            pass

    def _listen(self):
        try:
            for line in self._connection.lines(HEARTBEAT_LIMIT_SECONDS):
                self._hear(json.loads(line))
        finally:
            kill_own_process()

    def _hear(self, message):
        if message['type'] == 'start':
            self._job = message['job']
            self._job_came.set()
        elif message['type'] == 'stop':
            self._stopping.set()
            # The main thread may be waiting for a rank that has stopped already.
            timer = threading.Timer(STOP_GRACE_SECONDS, lambda: self.end('stopped', 0))
            timer.daemon = True
            timer.start()


def kill_own_process():
    """At once, whatever other threads are doing; with its data workers, where it leads their group."""
    if hasattr(os, 'killpg') and os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    if hasattr(signal, 'SIGKILL'):
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(1)


def line_of(message):
    try:
        text = encode(message)
    except ValueError:
        text = encode(without_infinities(message))
    return text.encode() + b'\n'


def without_infinities(value):
    """JSON has no numbers for them; the protocol has null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: without_infinities(entry) for name, entry in value.items()}
    return [without_infinities(entry) for entry in value] if isinstance(value, list) else value


def connect(path):
    if sys.platform == 'win32':
        from .windows_pipe import WindowsPipe
        return WindowsPipe(path)
    return UnixSocket(path)


class UnixSocket:
    def __init__(self, path):
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(path)

    def sendall(self, data):
        self._socket.sendall(data)

    def lines(self, timeout_seconds):
        """Lines as they come, until the other end closes. Raises after a silence longer than `timeout_seconds`."""
        rest = b''
        while True:
            # Not a timeout of the socket's: that would be one for sending too.
            if not wait_readable(self._socket, timeout_seconds):
                raise TimeoutError('no heartbeat')
            chunk = self._socket.recv(65536)
            if not chunk:
                return
            *lines, rest = (rest + chunk).split(b'\n')
            yield from lines

    def close(self):
        self._socket.close()


def wait_readable(source, timeout_seconds):
    poll = select.poll()
    poll.register(source, select.POLLIN)
    return bool(poll.poll(1000 * timeout_seconds))

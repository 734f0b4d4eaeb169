"""A named pipe of Windows, read by one thread while another writes: only overlapped calls allow that."""
import _winapi
import threading


class WindowsPipe:
    def __init__(self, name):
        self._handle = _winapi.CreateFile(
            name,
            _winapi.GENERIC_READ | _winapi.GENERIC_WRITE,
            0,
            _winapi.NULL,
            _winapi.OPEN_EXISTING,
            _winapi.FILE_FLAG_OVERLAPPED,
            _winapi.NULL,
        )
        self._closing = threading.Lock()

    def sendall(self, data):
        while data:
            overlapped, _ = _winapi.WriteFile(self._handle, data, overlapped=True)
            written, _ = overlapped.GetOverlappedResult(True)
            data = data[written:]

    def lines(self, timeout_seconds):
        """Lines as they come, until the other end closes. Raises after a silence longer than `timeout_seconds`."""
        rest = b''
        while True:
            overlapped, error = _winapi.ReadFile(self._handle, 65536, overlapped=True)
            if error == _winapi.ERROR_IO_PENDING:
                waited = _winapi.WaitForSingleObject(overlapped.event, int(1000 * timeout_seconds))
                if waited != _winapi.WAIT_OBJECT_0:
                    overlapped.cancel()
                    raise TimeoutError('no heartbeat')
            count, _ = overlapped.GetOverlappedResult(True)
            *lines, rest = (rest + overlapped.getbuffer()[:count]).split(b'\n')
            yield from lines

    def close(self):
        with self._closing:
            if self._handle is not None:
                _winapi.CloseHandle(self._handle)
                self._handle = None

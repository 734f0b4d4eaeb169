"""What the operating system is asked for: cores, and the most memory that this process had."""
import os
import sys


def pin_to_cores(cores):
    """Keeps this process and all that it starts on these cores. macOS cannot; a GPU's trainer has none."""
    if not cores:
        return
    if hasattr(os, 'sched_setaffinity'):
        os.sched_setaffinity(0, cores)
    elif sys.platform == 'win32' and max(cores) < 64:
        import ctypes
        kernel = ctypes.windll.kernel32
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        mask = sum(1 << core for core in cores)
        kernel.SetProcessAffinityMask(ctypes.c_void_p(kernel.GetCurrentProcess()), ctypes.c_size_t(mask))


def peak_memory_bytes():
    if sys.platform == 'win32':
        return windows_peak_memory_bytes()
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts in KiB, macOS in bytes.
    return peak if sys.platform == 'darwin' else peak * 1024


def windows_peak_memory_bytes():
    import ctypes
    from ctypes import wintypes

    class Counters(ctypes.Structure):
        _fields_ = [('size', wintypes.DWORD), ('faults', wintypes.DWORD)] + [
            (name, ctypes.c_size_t)
            for name in ('peak', 'now', 'peak_paged', 'paged', 'peak_unpaged', 'unpaged', 'file', 'peak_file')
        ]

    counters = Counters(size=ctypes.sizeof(Counters))
    kernel = ctypes.windll.kernel32
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    kernel.K32GetProcessMemoryInfo(ctypes.c_void_p(kernel.GetCurrentProcess()), ctypes.byref(counters), counters.size)
    return counters.peak

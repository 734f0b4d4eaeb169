"""Tandem's random numbers by counter, bit for bit those of src/shared/random.ts.

Each is a hash of what it is for, so any of them can be had without drawing those before it. The hash is pcg4d from
Jarzynski and Olano, "Hash Functions for GPU Rendering", JCGT 9(3), 2020.
"""
import numpy


def hash4(a, b, c, d):
    """Four arrays of uint32 from four keys, any of which may be an array."""
    with numpy.errstate(over='ignore'):
        keys = [numpy.asarray(key % 2**32 if isinstance(key, int) else key, numpy.uint32) for key in (a, b, c, d)]
        shape = numpy.broadcast_shapes(*(key.shape for key in keys))
        x, y, z, w = [
            numpy.broadcast_to(key, shape) * numpy.uint32(1664525) + numpy.uint32(1013904223) for key in keys
        ]
        x, y, z, w = mix(x, y, z, w)
        x, y, z, w = [word ^ (word >> numpy.uint32(16)) for word in (x, y, z, w)]
        return mix(x, y, z, w)


def mix(x, y, z, w):
    x = x + y * w
    y = y + z * x
    z = z + x * y
    w = w + y * z
    return x, y, z, w


def permutation(seed, stream, length):
    """0 .. length - 1 in random order (Fisher and Yates)."""
    draws = hash4(seed, stream, numpy.arange(max(length - 1, 0)), 0)[0] / 2.0**32
    bounds = numpy.arange(length, 1, -1)
    others = numpy.floor(draws * bounds).astype(numpy.int64).tolist()
    order = list(range(length))
    for last, other in zip(range(length - 1, 0, -1), others):
        order[last], order[other] = order[other], order[last]
    return numpy.array(order, numpy.int64)

"""Reads a folder of event files as TensorBoard itself does, and prints what it found as JSON.

Runs to tags to points: {"ddp": {"train/loss": [[wall_time, step, value], ...], ...}, ...}. Exits with 3 where TensorBoard
is not installed.
"""

import json
import sys

try:
    from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer
    from tensorboard.util import tensor_util
except ImportError:
    sys.exit(3)


def value_of(tensor_proto):
    value = tensor_util.make_ndarray(tensor_proto).reshape(-1)[0]
    return value.decode() if isinstance(value, bytes) else float(value)


multiplexer = EventMultiplexer(tensor_size_guidance={"scalars": 0, "text": 0}, max_reload_threads=1)
multiplexer.AddRunsFromDirectory(sys.argv[1])
multiplexer.Reload()
runs = {
    run: {
        tag: [
            [event.wall_time, event.step, value_of(event.tensor_proto)]
            for event in multiplexer.Tensors(run, tag)
        ]
        for tag in tags["tensors"]
    }
    for run, tags in multiplexer.Runs().items()
}
plugins = {
    run: {tag: multiplexer.SummaryMetadata(run, tag).plugin_data.plugin_name for tag in tags}
    for run, tags in runs.items()
}
json.dump({"runs": runs, "plugins": plugins}, sys.stdout)

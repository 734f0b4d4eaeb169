#!/usr/bin/env python3
"""Says, as one line of JSON, what PyTorch this Python has: nothing heavy is imported where there is none, or an old one."""
import importlib.util
import json
import sys
from importlib import metadata


def version(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def oldest(text):
    return tuple(int(part) for part in text.split('.')[:2])


def look():
    answer = {
        'python': '.'.join(map(str, sys.version_info[:3])),
        'missing': [name for name in ('torch', 'torchvision') if importlib.util.find_spec(name) is None],
        'torch': version('torch'),
        'torchvision': version('torchvision'),
    }
    if answer['missing'] or (answer['torch'] and oldest(answer['torch']) < oldest(sys.argv[1])):
        return answer
    try:
        import torch
        import torchvision
    except BaseException as error:
        return {**answer, 'broken': f'{type(error).__name__}: {error}'[:500]}
    cuda = torch.cuda.is_available()
    cudnn = torch.backends.cudnn.version() if cuda else None
    nccl = cuda and torch.distributed.is_available() and torch.distributed.is_nccl_available()
    return {
        **answer,
        'torch': torch.__version__,
        'torchvision': torchvision.__version__,
        'cuda': torch.version.cuda if cuda else None,
        'cudnn': str(cudnn) if cudnn else None,
        'nccl': '.'.join(map(str, torch.cuda.nccl.version())) if nccl else None,
        'gpus': torch.cuda.device_count() if cuda else 0,
        'gloo': torch.distributed.is_available() and torch.distributed.is_gloo_available(),
    }


if __name__ == '__main__':
    print(json.dumps(look()))

"""The notebook's program in PyTorch, as one of Tandem's trainers.

`train.py` beside this package runs a job; read `training.py` first.
"""

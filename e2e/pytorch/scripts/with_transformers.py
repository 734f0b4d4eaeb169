"""Transformers' Trainer with a tiny model: `with_transformers.py FOLDER PASSES_A_STEP`."""
import sys

import torch
from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments

config = BertConfig(
    vocab_size=100, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, num_labels=2
)
samples = [{'input_ids': torch.randint(0, 100, (12,)), 'labels': torch.tensor(index % 2)} for index in range(256)]
arguments = TrainingArguments(
    output_dir=sys.argv[1], per_device_train_batch_size=8, gradient_accumulation_steps=int(sys.argv[2]),
    max_steps=1000, save_strategy='no', report_to='none', use_cpu=True, logging_strategy='no', disable_tqdm=True,
)
Trainer(model=BertForSequenceClassification(config), args=arguments, train_dataset=samples).train()

"""Lightning's Trainer on so many devices, which it starts itself: `with_lightning.py WORLD`."""
import sys

import lightning
from small import criterion, dataset, network, sgd
from torch.utils.data import DataLoader


class Module(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.network = network()

    def training_step(self, batch, _):
        inputs, labels = batch
        return criterion(self.network(inputs), labels)

    def validation_step(self, batch, _):
        inputs, labels = batch
        criterion(self.network(inputs), labels)

    def configure_optimizers(self):
        return sgd(self)


if __name__ == '__main__':
    trainer = lightning.Trainer(
        accelerator='cpu', devices=int(sys.argv[1]), max_epochs=1000, logger=False, enable_checkpointing=False,
        enable_progress_bar=False, enable_model_summary=False, val_check_interval=10,
    )
    trainer.fit(Module(), DataLoader(dataset(), batch_size=8), DataLoader(dataset(), batch_size=8))

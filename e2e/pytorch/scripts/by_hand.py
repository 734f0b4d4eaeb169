"""No optimizer of PyTorch's: what Tandem is to know it is told."""
import torch
from small import EPOCHS, criterion, loader, network

try:
    import tandem_probe
except ImportError:
    tandem_probe = None
model = network()
for _ in range(EPOCHS):
    for inputs, labels in loader():
        loss = criterion(model(inputs), labels)
        gradients = torch.autograd.grad(loss, list(model.parameters()))
        with torch.no_grad():
            for parameter, gradient in zip(model.parameters(), gradients):
                parameter -= 0.01 * gradient
        if tandem_probe is not None:
            tandem_probe.report(loss=loss)
            tandem_probe.step(samples=len(labels))

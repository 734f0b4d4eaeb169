"""When this rank's own last gradient of a backward pass is there.

The all-reduce makes the passes of all ranks equally long; only this tells which of them is late. Each gradient that is
listened to costs a call, and the same one comes last in every pass: once that is learned, nobody listens to the others.
Where it is missed, as after layers were frozen, all are listened to again.
"""
import weakref

from .processor import thread_seconds as now


class Model:
    """One that DDP has wrapped. It is not kept in memory for this."""

    def __init__(self, ddp):
        self.ddp = weakref.ref(ddp)
        # Of parameters, by their place among the model's.
        self.handles = {}
        # Those that passes have ended with.
        self.lasts = set()


class Gradients:
    def __init__(self, session):
        self._session = session
        self._models = []
        # In the pass under way, which is not read yet.
        self.have_come = False

    def listen(self, ddp):
        model = Model(ddp)
        self._models.append(model)
        self._listen_to_all(model, ddp)

    def find_again(self):
        """In a pass that ends none was heard of: where one should have been, all are listened to."""
        for model in self._models:
            ddp = model.ddp()
            if ddp is not None and ddp.require_backward_grad_sync:
                self._listen_to_all(model, ddp)

    def listen_to_last(self):
        """The warm-up is over, and what is the same in every step is known: from now on only gradients are listened to that
        a pass has ended with."""
        if not any(model.lasts for model in self._models):
            return
        for model in self._models:
            for index in model.handles.keys() - model.lasts:
                model.handles.pop(index).remove()

    def _listen_to_all(self, model, ddp):
        for index, parameter in enumerate(ddp.parameters()):
            if parameter.requires_grad and index not in model.handles:
                model.handles[index] = parameter.register_hook(self._hearing(model, index))

    def _hearing(self, model, index):
        session, came, ddp = self._session, self._session.records.backward.gradient_came, model.ddp

        def hear(_):
            begun = now()
            # Not of gradients that the script asks for by themselves.
            if session.passes_under_way > 0:
                self.have_come = True
                wrapped = ddp()
                exchanges = wrapped is not None and wrapped.require_backward_grad_sync
                session.note((came, session.mark(), (model, index, exchanges), begun, now()))

        return hear

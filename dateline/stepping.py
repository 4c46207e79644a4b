"""Runs the model's transition-based components, parser and entity recogniser, without spaCy's slow inner loop.

Here: `annotate`. spaCy's own loop gives up the interpreter's lock and, compiled by Cython 3, takes it again at every look at an empty stack
or buffer, which is most of an entity recogniser's time (a call that returns -1 without `noexcept` asks whether it raised). The same steps taken
from Python through the components' own methods keep the lock: the same actions, twice as fast (docs/decisions/0002). Not here: any model but a
greedy transition-based one; those run as spaCy runs them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from spacy.pipeline import DependencyParser, EntityRecognizer
from spacy.tokens import Doc

Component = Callable[[Doc], Doc]


def annotate(docs: Sequence[Doc], component: Component, *, batch_size: int) -> list[Doc]:
    """Return the Docs with the component's annotation, as `component.pipe` would return them."""
    if _is_greedy(component) and all(len(doc) for doc in docs):
        for start in range(0, len(docs), batch_size):
            batch = docs[start : start + batch_size]
            component.set_annotations(batch, _actions(component, batch))  # type: ignore[attr-defined]
        return list(docs)
    if hasattr(component, "pipe"):
        return list(component.pipe(docs, batch_size=batch_size))
    return [component(doc) for doc in docs]


def _is_greedy(component: Component) -> bool:
    return isinstance(component, DependencyParser | EntityRecognizer) and component.cfg["beam_width"] == 1


def _actions(component: Any, docs: Sequence[Doc]) -> list[Any]:
    """Return each Doc's final state: at each step the best valid action of every state that is not yet final."""
    model = component.model.predict(docs)
    states = component.moves.init_batch(docs)
    live = [state for state in states if not state.is_final()]
    while live:
        live = component.transition_states(live, model.predict(live))
    model.clear_memory()
    return list(states)

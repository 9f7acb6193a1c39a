"""The fields of the recipe: what each is called, and how it is drawn with its caveat."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import streamlit as st

from fmnist_core.data import PROTOCOLS
from fmnist_core.evaluation.recipe_words import OPTIMIZER_TITLES
from fmnist_core.figures.words import escaped
from fmnist_core.recipes import OPTIMIZERS, Recipe
from fmnist_core.ui.mirrored import mirrored, shown_value
from fmnist_core.ui.train.form_outlook import problem_of
from fmnist_core.ui.train.form_state import (
    LENGTH,
    OWN_BUDGET,
    change_form,
    current_form,
    set_recipe_key,
)

# Shown in place of a value where several networks each have their own.
_EACH = "as each source"


@dataclass(frozen=True)
class Field:
    """A recipe key as a field of the form.

    Attributes:
        kind: a number is typed as text, so that 1e-3 can be; a whole number has steps.
        options: value -> words, of a choice.
    """

    key: str
    label: str
    kind: Literal["number", "whole", "choice"]
    meaning: str
    options: tuple[tuple[Any, str], ...] = ()


RECIPE_FIELDS = (
    Field(
        "optimizer",
        "Optimizer",
        "choice",
        "How the weights follow the gradient.",
        tuple((name, OPTIMIZER_TITLES[name]) for name in OPTIMIZERS),
    ),
    Field(
        "learning_rate",
        "Learning rate",
        "number",
        "How far one step goes; the highest of the schedule. 0.001 suits Adam, 0.1 plain SGD.",
    ),
    Field(
        "schedule",
        "Schedule",
        "choice",
        "How the learning rate changes during the training.",
        (
            ("constant", "Constant"),
            ("cosine", "Cosine to zero"),
            ("one_cycle", "One cycle: up, then down"),
            ("step", "In steps"),
            ("plateau", "Lower on a plateau"),
        ),
    ),
    Field("epochs", "Epochs", "whole", "How often every training image is seen."),
    Field("batch_size", "Batch size", "whole", "Images for one step of the optimizer."),
    Field(
        "weight_decay",
        "Weight decay",
        "number",
        "Pulls the weights towards zero, against overfitting; 0 for none.",
    ),
    Field(
        "label_smoothing",
        "Label smoothing",
        "number",
        "Share of each label that is spread over all classes, against overconfidence; 0 for none.",
    ),
    Field(
        "early_stopping",
        "Early stopping",
        "whole",
        "Ends after so many epochs without a better validation accuracy; 0 never ends early.",
    ),
    Field(
        "keep",
        "Weights kept",
        "choice",
        "Which epoch's weights become the run.",
        (("last", "Last epoch"), ("best", "Best on validation")),
    ),
)
DATA_FIELDS = (
    Field(
        "protocol",
        "Split",
        "choice",
        "Which images train, validate and test.",
        tuple((name, protocol.title) for name, protocol in PROTOCOLS.items()),
    ),
    Field(
        "train_fraction",
        "Share of training images",
        "number",
        "1 for all of them, 0.25 for a quarter; every class keeps its share.",
    ),
    Field("limit", "At most so many images", "whole", "Training images; 0 for all."),
    Field("pixel_mean", "Pixel mean", "number", "Subtracted from pixels of 0 to 1."),
    Field("pixel_std", "Pixel deviation", "number", "What the pixels are then divided by."),
)
MACHINE_FIELDS = (
    Field("seed", "First seed", "whole", "Decides first weights, order of the images and split."),
    Field(
        "precision",
        "Precision",
        "choice",
        "Mixed is faster on processors that know bfloat16.",
        (("float32", "float32"), ("mixed_bfloat16", "Mixed bfloat16")),
    ),
    Field("threads", "Threads", "whole", "Of the processor. The same number gives the same run."),
    Field(
        "fused_batchnorm",
        "Batch normalisation",
        "choice",
        "The fused one gives the same statistics, faster.",
        ((True, "Fused"), (False, "Of Keras")),
    ),
)
ALL_FIELDS = (*RECIPE_FIELDS, *DATA_FIELDS, *MACHINE_FIELDS)


def show_fields(
    fields: Sequence[Field], base: Recipe, marks: dict[str, str], *, together: bool
) -> None:
    """Draws fields in three columns, each with what is wrong or unlike the source below it.

    Args:
        base: the values where the reader set nothing.
        marks: recipe key -> words that say how it differs from the source.
        together: several networks share the fields, so that `base` is not that of all.
    """
    changed = current_form().changed
    with st.grid(3, min_column_width=150):
        for field in fields:
            with st.container(gap="xsmall"):
                _show_field(field, base, changed, together=together)
                problem = problem_of(field.key, changed[field.key]) if field.key in changed else ""
                problem_line(problem)
                if not problem and field.key in marks:
                    difference_mark(marks[field.key])


def problem_line(problem: str) -> None:
    """Says below a field what must hold; draws nothing where it does."""
    if problem:
        st.markdown(f":red[:small[:material/error: {escaped(problem)}]]")


def difference_mark(words: str) -> None:
    """Says below a field that it is unlike the source's."""
    st.markdown(f":orange[:small[:material/difference: {escaped(words)}]]")


def _show_field(field: Field, base: Recipe, changed: dict[str, Any], *, together: bool) -> None:
    source = None if together else getattr(base, field.key)
    value = changed.get(field.key, source)
    said: dict[str, Any] = {"placeholder": _EACH, "help": field.meaning}
    take = partial(_take, field.key, source)
    match field.kind:
        case "choice":
            options = dict(field.options)
            value = value if value in options else None
            st.selectbox(
                field.label,
                list(options),
                None if value is None else list(options).index(value),
                format_func=lambda name: options.get(name, str(name)),
                **said,
                **mirrored(f"train_{field.key}", value, take, may_be_empty=True),
            )
        case "whole":
            st.number_input(
                field.label,
                value=value,
                step=1,
                format="%d",
                **said,
                **mirrored(f"train_{field.key}", value, take, may_be_empty=True),
            )
        case "number":
            text = "" if value is None else _typed(value)
            st.text_input(field.label, text, **said, **mirrored(f"train_{field.key}", text, take))


def _typed(value: Any) -> str:
    return value if isinstance(value, str) else f"{value:.6g}"


def _take(key: str, source: Any, value: Any) -> None:
    """Takes what the reader set; the source's own value is no change, and neither is nothing."""
    if isinstance(value, str):
        value = value.strip() or None
    if value is not None and source is not None and _is_same(value, source):
        value = None
    if key in LENGTH:
        _set_length(key, value)
    else:
        set_recipe_key(key, value)


def _set_length(key: str, value: Any) -> None:
    """Sets epochs or images by hand: from then on no budget decides them."""
    form = current_form()
    if value is not None and form.budget != OWN_BUDGET:
        for other in LENGTH:
            shown = shown_value(f"train_{other}")
            if other != key and shown is not None:
                set_recipe_key(other, shown)
        change_form(budget=OWN_BUDGET)
    set_recipe_key(key, value)


def _is_same(value: Any, source: Any) -> bool:
    try:
        return bool(type(source)(value) == source)
    except (TypeError, ValueError):
        return False

"""How far the accuracies that the sources print exceed the best that was measured here."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from fmnist_core.data import PROTOCOLS
from fmnist_core.evaluation.ledger.rows import LedgerRow
from fmnist_core.evaluation.ledger.systems_table import SystemLine
from fmnist_core.evaluation.ledger.verdicts import is_ours
from fmnist_core.evaluation.sheet import TEST_SEEN_PROTOCOL
from fmnist_core.papers import find_system

# Which images a printed accuracy is of: for validation, another set than the test images.
Images = Literal["test", "validation", "unnamed"]
_OTHER_IMAGES: tuple[tuple[Images, str], ...] = (
    ("validation", "on validation images alone"),
    ("unnamed", "on images that they do not name"),
)


def ceiling_sentence(lines: Sequence[SystemLine], rows: Sequence[LedgerRow]) -> str:
    """Returns the best accuracy of one split at full budget, and what the sources print above it.

    The split is a held-out one, that of the most networks; ours of others are not compared. What
    the sources print is counted whatever its split, one number for each network, and those of the
    networks that the best was found among are told from the others.
    """
    full = [line for line in lines if line.system.layers and line.budget == "full"]
    if not full:
        return "No network was trained at its full protocol yet."
    counts = Counter(line.system.protocol for line in full)
    split = max(counts, key=lambda name: (name != TEST_SEEN_PROTOCOL, counts[name]))
    full = [line for line in full if line.system.protocol == split]
    top = max(full, key=lambda line: line.test_accuracy or 0)
    _, high = top.ci95 or (0.0, 1.0)
    reached = 100 * (top.test_accuracy or 0)
    on = f"trained here at full budget on the split {PROTOCOLS[split].title}"
    best = f"{reached:.2f} % (`{top.system.id}`, 95 % interval up to {100 * high:.2f} %)"
    text = f"None of the {len(full)} networks {on} passes {best}"
    if len(full) == 1:
        text = f"The one network {on} reaches {best}"
    claims = _claims_above(rows, high)
    if not claims:
        return f"{text}, and no accuracy that a source prints lies above that."
    return f"{text}. {_claims_sentence(claims, {line.system.id for line in full}, reached)}"


def _claims_above(rows: Sequence[LedgerRow], above: float) -> list[LedgerRow]:
    """Returns a row for each network with a published accuracy above a number: its highest.

    That of test images where there is one, else of validation images, else of unnamed ones.
    """
    found: dict[str, LedgerRow] = {}
    for row in rows:
        if _is_claim(row) and _published(row) > above:
            found[row.system] = max(row, found.get(row.system, row), key=_rank)
    return list(found.values())


def _claims_sentence(claims: Sequence[LedgerRow], ours: set[str], reached: float) -> str:
    """Returns what the sources print above our best, in points where test images give it."""
    of: dict[Images, list[LedgerRow]] = {"test": [], "validation": [], "unnamed": []}
    for row in claims:
        of[_images(row)].append(row)
    parts = []
    if of["test"]:
        over = 100 * _published(_highest(of["test"])) - reached
        parts.append(
            f"on test images for {_trained_so(of['test'], ours)}, the highest by {over:.1f} points "
            f"over our best ({_printed(of['test'])})"
        )
    for images, on in _OTHER_IMAGES:
        if some := of[images]:
            more = " more" if parts else ""
            up_to = "up to " if len(some) > 1 else ""
            parts.append(f"{on} for {len(some)}{more}{_guessed(some)}, {up_to}{_printed(some)}")
    networks = "1 network" if len(claims) == 1 else f"{len(claims)} networks"
    return f"Above that interval the sources print accuracies of {networks}: {'; '.join(parts)}."


def _trained_so(rows: Sequence[LedgerRow], ours: set[str]) -> str:
    """Returns how many of them are among ours, and how many are not."""
    among = [row for row in rows if row.system in ours]
    others = [row for row in rows if row.system not in ours]
    parts = []
    if among:
        these = f"{len(among)} of these {len(ours)}" if len(ours) > 1 else "this one"
        parts.append(f"{these}{_guessed(among)}")
    if others:
        were = "1 other that was" if len(others) == 1 else f"{len(others)} others that were"
        parts.append(f"{were} not trained on that split in full{_guessed(others)}")
    return " and for ".join(parts)


def _guessed(rows: Sequence[LedgerRow]) -> str:
    """Says how many of the networks are ours, because the source gives no layers or no sizes."""
    count = sum(is_ours(find_system(row.system)) for row in rows)
    if not count:
        return ""
    if len(rows) == 1:
        return " (a reconstruction)"
    return f" ({count} of them {'a reconstruction' if count == 1 else 'reconstructions'})"


def _images(row: LedgerRow) -> Images:
    """Which images it was taken on: the validation images are a source's test images at times."""
    if row.split == "not said":
        return "unnamed"
    seen = find_system(row.system).protocol == TEST_SEEN_PROTOCOL
    return "test" if seen or row.metric == "test_accuracy" else "validation"


def _rank(row: LedgerRow) -> tuple[int, float]:
    return ("unnamed", "validation", "test").index(_images(row)), _published(row)


def _is_claim(row: LedgerRow) -> bool:
    """Whether it is a whole training's accuracy on Fashion-MNIST, and not of training images."""
    return (
        row.dataset == "fashion_mnist"
        and not row.epoch
        and row.metric in ("test_accuracy", "val_accuracy", "accuracy")
    )


def _highest(rows: Sequence[LedgerRow]) -> LedgerRow:
    return max(rows, key=_published)


def _printed(rows: Sequence[LedgerRow]) -> str:
    highest = _highest(rows)
    return f"{highest.printed} for `{highest.system}`"


def _published(row: LedgerRow) -> float:
    return row.published or 0.0

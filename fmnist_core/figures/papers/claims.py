"""What each source claims, and the checks that bear on it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from fmnist_core.errors import FmnistError
from fmnist_core.figures.papers.causes import (
    brings,
    calmer,
    helps_nowhere,
    stops_overfitting,
)
from fmnist_core.figures.papers.checks import (
    ahead_in_every_class,
    easy_and_hard,
    fits,
    harder,
    lower_loss,
    number,
    record,
    silent,
)
from fmnist_core.figures.papers.facts import Check, Facts, Finding
from fmnist_core.figures.papers.rivals import (
    beats,
    costlier,
    leads,
    of_optimizers,
    smaller,
    smallest_gap,
)
from fmnist_core.figures.words import escaped
from fmnist_core.papers import find_paper

Standing = Literal[
    "holds here", "holds as far as checked", "holds in part", "does not hold here", "open"
]
_KADAM = ("kadam_a1", "kadam_a2", "kadam_a3", "kadam_a4", "kadam_a5_adam", "kadam_a5_rmsprop")
_AJANI = tuple(f"ajani_m{name}" for name in ("1", "2", "3", "4a", "4b", "5", "6"))
_OPTIMIZERS = "ajani_optimizers"
_ABLATION = "ablation"

# Source -> for each of its claims, in the order of `Paper.claims`, what bears on it.
CHECKS: dict[str, tuple[tuple[Check, ...], ...]] = {
    "000": (
        (
            number("awasthi_basic", "train_accuracy", "000"),
            number("awasthi_basic", "val_accuracy", "000"),
            fits("awasthi_basic", "overfit"),
        ),
        (
            number("awasthi_enhanced", "val_accuracy", "000"),
            beats("awasthi_enhanced", "awasthi_basic", besides="convolutions and a dense layer"),
            brings(_ABLATION, "awasthi_enhanced", "Without batch normalisation"),
            brings(_ABLATION, "awasthi_enhanced", "Without dropout"),
            smaller("awasthi_enhanced", "awasthi_basic", 1 / 3),
        ),
        (
            leads("kadam_a3", _KADAM),
            number("mcnn15", "test_accuracy", "000", table="mcnn_accuracies"),
            record("mcnn15", "000"),
        ),
    ),
    "001": (
        tuple(number(f"sivakumar_m{name}", "accuracy", "001") for name in "123"),
        (
            number("sivakumar_m2", "train_accuracy", "001"),
            number("sivakumar_m2", "test_accuracy", "001"),
            fits("sivakumar_m2", "overfit"),
            beats("sivakumar_m3", "sivakumar_m2"),
        ),
        (silent("sivakumar_ann"), fits("sivakumar_ann", "good fit")),
        (
            number("henrique_dropout3", "accuracy", "001"),
            number("svc", "accuracy", "001"),
            number("kayed_lenet5", "accuracy", "001"),
            number("mcnn15", "test_accuracy", "001"),
        ),
    ),
    "002": (
        (
            beats("s002_cnn", "s002_ann"),
            lower_loss("s002_cnn", "s002_ann"),
            ahead_in_every_class("s002_cnn", "s002_ann"),
            costlier("s002_cnn", "s002_ann"),
        ),
        (
            easy_and_hard("s002_cnn", ("Trouser", "Sneaker"), ("Shirt", "T-shirt/top")),
            easy_and_hard("s002_ann", ("Trouser", "Sneaker"), ("Shirt", "T-shirt/top")),
            harder("s002_ann", "s002_cnn", ("Shirt", "T-shirt/top")),
        ),
    ),
    "003": (
        (
            number("s003_enhanced", "test_accuracy", "003"),
            brings(_ABLATION, "s003_enhanced", "Without batch normalisation"),
            brings(_ABLATION, "s003_enhanced", "Without augmentation"),
        ),
        (
            calmer(_ABLATION, "s003_enhanced", "Without batch normalisation"),
            stops_overfitting(_ABLATION, "s003_enhanced", "Without batch normalisation"),
        ),
        (easy_and_hard("s003_enhanced", ("Trouser", "Sandal", "Sneaker"), ("Pullover", "Shirt")),),
    ),
    "004": (
        (
            leads("ajani_m6", _AJANI),
            number("ajani_m6", "test_accuracy", "004", table="ajani_models"),
            smallest_gap("ajani_m6", _AJANI),
        ),
        (
            helps_nowhere("augmentation", "Rotation, shift and zoom"),
            beats("ajani_m4a", "ajani_m2", besides="convolutions"),
            beats("ajani_m4b", "ajani_m4a"),
        ),
        (
            of_optimizers(_OPTIMIZERS, "val_accuracy", "adam", best=True),
            of_optimizers(_OPTIMIZERS, "val_accuracy", "adadelta", best=False),
        ),
    ),
}


@dataclass(frozen=True)
class Claim:
    """A claim of a source with what was found of it; `standing` is computed from `findings`."""

    paper: str
    text: str
    findings: tuple[Finding, ...]

    @property
    def standing(self) -> Standing:
        """What the findings say together."""
        return standing(self.findings)


def standing(findings: Sequence[Finding]) -> Standing:
    """Returns "open" where nothing can be said; else whether all, some or none of it holds.

    What cannot be said counts neither for nor against a claim, and is said. A claim of what causes
    something does not hold by other checks alone: that a number came back has more than one cause.
    """
    said = [finding.holds for finding in findings if finding.holds is not None]
    if not said:
        return "open"
    if not all(said):
        return "holds in part" if any(said) else "does not hold here"
    causes = [finding.holds for finding in findings if finding.cause]
    if causes and not any(causes):
        return "open"
    return "holds here" if len(said) == len(findings) else "holds as far as checked"


def claims(paper_id: str, facts: Facts) -> list[Claim]:
    """Returns the claims of a source, checked; a check whose run cannot be read says so."""
    texts = find_paper(paper_id).claims
    return [
        Claim(paper_id, text, tuple(_checked(check, facts) for check in checks))
        for text, checks in zip(texts, CHECKS[paper_id], strict=True)
    ]


def _checked(check: Check, facts: Facts) -> Finding:
    try:
        return check(facts)
    except FmnistError as error:
        return Finding(None, escaped(str(error)))


def claims_takeaway(found: Sequence[Claim]) -> str:
    """Returns how many claims stand how."""
    counts = Counter(claim.standing for claim in found)
    parts = [
        f"{counts[word]} {one if counts[word] == 1 else several}"
        for word, (one, several) in _COUNTED.items()
        if counts[word]
    ]
    return f"Of {len(found)} claims: {', '.join(parts)}."


_COUNTED: dict[Standing, tuple[str, str]] = {
    "holds here": ("holds here", "hold here"),
    "holds as far as checked": ("holds as far as checked", "hold as far as checked"),
    "holds in part": ("holds in part", "hold in part"),
    "does not hold here": ("does not hold here", "do not hold here"),
    "open": ("is open", "are open"),
}
# Standing -> colour of its badge, icon.
STANDINGS: dict[Standing, tuple[Literal["green", "blue", "orange", "gray"], str]] = {
    "holds here": ("green", ":material/check_circle:"),
    "holds as far as checked": ("green", ":material/check:"),
    "holds in part": ("blue", ":material/contrast:"),
    "does not hold here": ("orange", ":material/cancel:"),
    "open": ("gray", ":material/help:"),
}

"""The register of contradictions: complete, tied to its sources, and true of the numbers kept."""

import pytest

from fmnist_core.papers import contradictions, find_system, find_table, papers, systems

REGISTER = {entry.id: entry for entry in contradictions()}


def test_the_register_has_c1_to_c45():
    assert list(REGISTER) == [f"C{n}" for n in range(1, 46)]


@pytest.mark.parametrize("entry", contradictions(), ids=lambda entry: entry.id)
def test_an_entry_names_sources_and_both_sayings(entry):
    known = {paper.id for paper in papers()}
    assert entry.papers
    assert set(entry.papers) <= known
    for saying in (entry.place, entry.one, entry.other, entry.resolution):
        assert saying


def test_systems_name_contradictions_of_the_sources_that_speak_of_them():
    for system in systems():
        speaking = {system.paper} | {number.paper for number in system.published}
        for name in system.contradictions:
            assert speaking & set(REGISTER[name].papers), (system.id, name)


def test_entries_without_a_system_are_about_the_document():
    named = {name for system in systems() for name in system.contradictions}
    # The number of models and the claim about pixels: nothing that one network could carry.
    assert set(REGISTER) - named == {"C33", "C41"}


@pytest.mark.parametrize(
    "entry", [one for one in contradictions() if one.tables], ids=lambda entry: entry.id
)
def test_an_entry_of_a_table_is_about_cells_of_it(entry):
    about = {
        number.table
        for system in systems()
        for number in system.published
        if entry.id in number.contradictions
    }
    named = {name for system in systems() for name in system.contradictions}
    assert about == (set(entry.tables) if entry.id in named else set())


def value(table_id, key, label):
    table = find_table(table_id)
    column = [c.label for c in table.columns].index(label)
    row = next(row for row in table.rows if row.key == key)
    return float(row.cells[column].rstrip("%"))


def column(table_id, label):
    return {row.key: value(table_id, row.key, label) for row in find_table(table_id).rows}


def test_c1_the_summary_has_fifteen_layers():
    assert len(find_system("awasthi_enhanced").stated_layers) == 15


def test_c4_and_c5_the_printed_sums_are_wrong():
    system = find_system("awasthi_enhanced")
    assert sum(layer.params for layer in system.stated_layers) == system.stated_params.total
    assert system.stated_params.total != system.stated_params.trainable == 422474
    normalisations = [
        layer.params for layer in system.stated_layers if "Normalization" in layer.name
    ]
    assert normalisations == [128, 256, 512]
    assert sum(normalisations) == 2 * system.stated_params.non_trainable == 896


def test_c9_two_architectures_tie():
    accuracies = column("kadam_accuracies", "Fashion-MNIST, testing accuracy")
    best = max(accuracies.values())
    assert [key for key, v in accuracies.items() if v == best] == ["kadam_a3", "kadam_a5_adam"]


def test_c10_adam_beats_rmsprop():
    accuracies = column("kadam_accuracies", "Fashion-MNIST, testing accuracy")
    difference = accuracies["kadam_a5_adam"] - accuracies["kadam_a5_rmsprop"]
    assert difference == pytest.approx(0.70)


def test_c23_the_two_chapters_disagree():
    for system_id in ("s002_ann", "s002_cnn"):
        found = [n for n in find_system(system_id).published if n.metric == "val_accuracy"]
        assert len({n.value for n in found}) == len({n.place for n in found}) == 2


def test_c34_to_c36_the_gaps_of_the_seven_models():
    train = column("ajani_models", "Training Accuracy")
    test = column("ajani_models", "Testing Accuracy")
    assert len(train) == 7
    gaps = {key: round(100 * (train[key] - test[key]), 2) for key in train}
    assert test["ajani_m2"] < test["ajani_m1"]
    assert gaps["ajani_m2"] == 0.64
    assert gaps["ajani_m3"] == -3.56
    assert gaps["ajani_m6"] == 2.05
    assert min(gaps, key=gaps.get) != "ajani_m6"


def test_c37_to_c40_the_ranks_of_the_optimizers():
    def lowest(label):
        found = column("ajani_optimizers", label)
        return min(found, key=found.get)

    def ranked(label, *, best_first):
        found = column("ajani_optimizers", label)
        return sorted(found, key=found.get, reverse=best_first)

    assert lowest("Initial Train Loss") == "nadam"
    assert lowest("Final Train Loss") == "rmsprop"
    accuracy = ranked("Final Val Accuracy", best_first=True)
    assert accuracy[:3] == ["nadam", "adam", "rmsprop"]
    assert accuracy[-1] == "adadelta"
    assert ranked("Final Val Loss", best_first=False)[3] == "rmsprop"
    assert ranked("Initial Train Loss", best_first=True)[0] == "adadelta"


def test_c45_two_architectures_stay_below_99_percent_on_mnist():
    accuracies = column("kadam_accuracies", "MNIST, testing accuracy")
    assert {key for key, v in accuracies.items() if v < 99} == {"kadam_a1", "kadam_a2"}

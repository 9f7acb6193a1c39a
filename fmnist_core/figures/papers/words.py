"""What stands around the claims and numbers of the sources, on the page and in its file."""

CLAIMS_NOTE = (
    "Claims are in our words. One holds here when every check of it does, and in part when "
    "some do and some do not. A check that cannot be said, because a network is not trained, "
    "chance can explain a difference, seeds disagree or the rules give no verdict, counts "
    "neither for nor against it. Where a claim names a cause, it does not hold by its numbers "
    "alone: a check of the cause has to hold."
)
# What a check found, by `Finding.holds`.
FOUND = {True: "Holds", False: "Does not hold", None: "Cannot be said"}
OTHER_IMAGES = "Numbers of other data sets are shown as published: nothing here is trained on them."
DOTS_NOTE = (
    "The bar is where one more run is expected, by the chance of images and of seeds: of its own "
    "from three on, for accuracies else of other networks'. Where it is missing, there are too few."
)

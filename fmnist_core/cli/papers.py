"""`papers list`."""

import argparse

from fmnist_core.cli.output import print_json, print_table
from fmnist_core.papers import papers, systems
from fmnist_core.papers.export import paper_json


def list_all(options: argparse.Namespace) -> int:
    """Prints the sources with the ids of their systems."""
    members = {p.id: [s.id for s in systems() if s.paper == p.id] for p in papers()}
    if options.json:
        print_json([paper_json(paper) | {"systems": members[paper.id]} for paper in papers()])
    else:
        print_table(
            ("id", "systems", "title"), [(p.id, len(members[p.id]), p.title) for p in papers()]
        )
    return 0

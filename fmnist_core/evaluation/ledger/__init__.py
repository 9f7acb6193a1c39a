"""The ledger: every published number beside ours, and the rules by which it is judged."""

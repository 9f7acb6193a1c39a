"""Studies: what one factor did, from the runs that differ in it, and how sure that is."""

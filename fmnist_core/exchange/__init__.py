"""Runs that leave as a file, and come from elsewhere: nothing is believed without evidence."""

"""Runs that come from elsewhere: nothing they say is believed that their evidence does not show."""

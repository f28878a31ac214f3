"""Files of the publishers, read into frozen rows. One module for each publisher; no database, no network.

A module's `read(path, …)` gives a Reading: rows, notes and errors by line, one after the other as the file is read.
What no row can be read of raises FileRefused. operations/imports.py compares the rows with what is stored.
"""

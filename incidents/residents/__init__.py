"""What residents read of the acute chain: published, confirmed by the Police where it is theirs, in plain words.

Here: the rows of the public pages, as frozen dataclasses made from `.published()` querysets. Not here: states,
lateness, notes or names of the inside; what is not read here cannot be shown.
"""

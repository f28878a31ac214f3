"""What a page answers with "try again soon" (start/errors.py): where pictures are kept does not answer."""


class StorageAway(OSError):
    """The store of files cannot be reached or does not let us in; nothing was read or written."""

"""The pages of this room: thin; what may be done and how stands in policies and operations."""

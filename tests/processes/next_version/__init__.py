"""The portal as its next version: this one's migrations and a few more, of the kinds that lint lets through."""

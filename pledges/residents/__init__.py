"""What residents read of the promises: frozen rows of what is published, in the language of the page."""

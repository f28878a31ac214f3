"""The pages of the promises: for residents, and for those who make and keep them."""

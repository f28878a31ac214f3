"""How things look: template tags for components, the crispy helper base, formats, the CSS bundles.

Belongs here: what every page shares in looks and wording of dates. Does not belong here: anything that
touches the database, and anything that knows what a promise or an assignment is.
"""

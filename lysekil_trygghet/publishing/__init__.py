"""What the public may see, and since when.

Here: the abstract Publishable and its queryset, Markdown made safe, pictures made safe.
Not here: the workflow of any one thing, and no tables.
"""

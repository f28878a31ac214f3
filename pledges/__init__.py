"""What we promised: citizen pledges (medborgarlöften), from priority to answer.

A commitment has a lead, says how one will know, is followed while it runs, and gets a public answer before its set
can close. Built on `situation`; never imports `incidents`.
"""

"""What we do when it burns: serious events, steering decisions, assignments that must be answered.

Here: the whole acute chain, from the first phone call to the closing text.
Not here: what was promised (pledges) and what is known (situation). No person is ever described here.
"""

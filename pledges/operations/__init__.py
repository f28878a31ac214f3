"""Everything that changes pledges, agreements and plans: each act is one function here, with its line of history."""

"""What we promised: the citizen pledges (medborgarlöften). Its models come with their own issue."""

"""What we know: the local situation picture (lägesbild). Its models come with their own issue."""

"""What rules look at: facts that were read, and where each of them stands."""

"""What is kept about people: sessions, sets, results, notes. Exported on demand, and erased for good."""

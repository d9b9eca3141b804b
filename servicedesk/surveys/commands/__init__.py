"""Every change about satisfaction: one function, one use case; see the modules."""

"""The overviews: whether promises are kept, what is under way, where it comes from. Each figure opens its list."""

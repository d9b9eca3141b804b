"""For whoever builds pages: every component and token there is, as the running application shows them."""

"""One physical graph between providers: built, checked, and given to each provider as its inventory."""

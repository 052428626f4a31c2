"""The goals of sustainable development in the kit: what serves each of them."""

"""How each outlet prints a story: one HTML file a layout, in pieces, and the code that fills any of them."""

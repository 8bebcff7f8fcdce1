"""Reading kept pages again, without the network, after an outlet's rules were mended."""

"""The bundled sample news web."""

"""The demo: ``python -m nn.demo`` trains a network on handwritten digits, or on your own file."""

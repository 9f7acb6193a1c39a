"""Fashion-MNIST architecture lab: networks of five studies, trained and compared."""

__version__ = "0.1.0"

"""An income model that is versioned, audited, documented by its own numbers, and served."""

__version__ = "1.0.0"

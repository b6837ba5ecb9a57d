"""What whoever keeps a report asks of it now and then."""

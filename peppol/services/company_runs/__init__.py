"""What is done to many companies at once: what there is to do, starting it, and the worker."""

"""The service metadata publisher (SMP): what is put up there, how, and how answers are read."""

"""The REST surfaces, one package for each vendor whose wire format it keeps."""

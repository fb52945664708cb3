"""What changed in Peppol's rules since the artefacts at hand were published, in our own words."""

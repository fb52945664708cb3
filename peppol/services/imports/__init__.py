"""Files of companies, read, mapped and brought in line by line."""

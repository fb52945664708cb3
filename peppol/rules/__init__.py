"""The rules that documents are judged by: sets with dates, as published and as installed."""

"""The Identity API's operations, a module for each of Invora's two services."""

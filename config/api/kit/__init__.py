"""What the surfaces are made of: views, callers, problems, bodies, cursors, repeatable calls."""

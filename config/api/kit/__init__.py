"""What the surfaces are made of: views, callers, problems, bodies, cursors, paths, answers."""

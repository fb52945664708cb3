// What the sites' pages do in the browser beyond Unfold.

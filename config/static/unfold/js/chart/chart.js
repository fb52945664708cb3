/* Unfold loads a library of charts on every page. Ours are drawn without one (templates/ui/chart.html). */

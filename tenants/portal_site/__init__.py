"""The reseller's portal: a second admin site whose every door opens on one organization only."""

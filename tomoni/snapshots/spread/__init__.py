"""What the static site has beside its pages of apps: what can be found, feeds, pages of teams and postmortems."""

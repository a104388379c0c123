"""slo-generator: `sre.google.com/v2` with its shared configuration."""
